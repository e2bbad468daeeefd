"""Posts texts in ASCII, and a question mark for everything else."""

import sys

from sound import Connector


class Broken(Connector):
    def bodies(self):
        return [body.decode().encode("ascii", "replace") for body in super().bodies()]


sys.exit(Broken().run())

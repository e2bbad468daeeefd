"""Posts the first 64 KB of a message only."""

import sys

from sound import Connector


class Broken(Connector):
    def bodies(self):
        return [body[:65_536] for body in super().bodies()]


sys.exit(Broken().run())

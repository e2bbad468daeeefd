"""Posts each message in a list, as a batch of one."""

import sys

from sound import Connector


class Broken(Connector):
    def bodies(self):
        return [b"[%b]" % body for body in super().bodies()]


sys.exit(Broken().run())

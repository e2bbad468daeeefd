"""Begins each body with the byte order mark of UTF-8."""

import sys

from sound import Connector


class Broken(Connector):
    def bodies(self):
        return [b"\xef\xbb\xbf" + body for body in super().bodies()]


sys.exit(Broken().run())

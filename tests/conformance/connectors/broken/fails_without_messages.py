"""Ends with an error when there is nothing to deliver."""

import sys

from sound import Connector


class Broken(Connector):
    def bodies(self):
        return super().bodies() or sys.exit("nothing to deliver")


sys.exit(Broken().run())

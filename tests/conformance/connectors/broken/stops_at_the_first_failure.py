"""Ends at the first message that is lost, and leaves out the others."""

import sys

from sound import Connector


class Broken(Connector):
    def run(self):
        return 0 if all(self.deliver(body) for body in self.bodies()) else 1


sys.exit(Broken().run())

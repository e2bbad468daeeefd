"""Goes on with every message after its token was refused."""

import sys

from sound import Connector


class Broken(Connector):
    def refused(self):
        pass


sys.exit(Broken().run())

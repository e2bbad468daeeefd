"""Says that its JSON is XML."""

import sys

from sound import Connector


class Broken(Connector):
    def headers(self):
        return {**super().headers(), "Content-Type": "text/xml"}


sys.exit(Broken().run())

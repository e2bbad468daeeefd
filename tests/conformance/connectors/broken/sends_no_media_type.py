"""Says nothing of the media type of its JSON."""

import sys

from sound import Connector


class Broken(Connector):
    def headers(self):
        headers = super().headers()
        del headers["Content-Type"]
        return headers


sys.exit(Broken().run())

"""Puts the token in a cookie too, which more than the destination may log."""

import sys

from sound import Connector


class Broken(Connector):
    def headers(self):
        return {**super().headers(), "Cookie": f"session={self.token}"}


sys.exit(Broken().run())

"""Sends neither the token's header nor Basic."""

import sys

from sound import Connector


class Broken(Connector):
    def headers(self):
        return {**super().headers(), "X-API-TOKEN": ""}


sys.exit(Broken().run())

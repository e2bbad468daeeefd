"""Puts the token in the URL too, where proxies log it."""

import sys

from sound import Connector


class Broken(Connector):
    def post(self, body, headers, url=None, method="POST"):
        return super().post(body, headers, f"{self.url}&apiToken={self.token}", method)


sys.exit(Broken().run())

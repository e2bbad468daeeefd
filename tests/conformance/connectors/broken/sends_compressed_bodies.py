"""Compresses each body, which the endpoint does not take."""

import gzip
import sys

from sound import Connector


class Broken(Connector):
    def bodies(self):
        return [gzip.compress(body) for body in super().bodies()]

    def headers(self):
        return {**super().headers(), "Content-Encoding": "gzip"}


sys.exit(Broken().run())

"""Posts texts in Latin-1 where they fit into it."""

import sys

from sound import Connector


class Broken(Connector):
    def bodies(self):
        return [self.encoded(body) for body in super().bodies()]

    def encoded(self, body):
        try:
            return body.decode().encode("latin-1")
        except UnicodeEncodeError:
            return body


sys.exit(Broken().run())

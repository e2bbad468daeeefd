"""Asks with GET whether the URL is there, before each message."""

import sys

from sound import Connector


class Broken(Connector):
    def deliver(self, body):
        self.post(None, self.headers(), method="GET")
        return super().deliver(body)


sys.exit(Broken().run())

"""Sends a message again and again with a token that was refused."""

import sys

from sound import Connector


class Broken(Connector):
    def refused(self):
        pass

    def is_retried(self, status, attempt):
        return (status == 401 and attempt < 1) or super().is_retried(status, attempt)


sys.exit(Broken().run())

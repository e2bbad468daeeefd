"""Gives a message up that was answered 429."""

import sys

from sound import Connector


class Broken(Connector):
    def is_retried(self, status, attempt):
        return status != 429 and super().is_retried(status, attempt)


sys.exit(Broken().run())

"""Sends a message again that was too large."""

import sys

from sound import Connector


class Broken(Connector):
    def is_retried(self, status, attempt):
        return (status == 413 and attempt < 1) or super().is_retried(status, attempt)


sys.exit(Broken().run())

"""Sends a message again whose media type was refused."""

import sys

from sound import Connector


class Broken(Connector):
    def is_retried(self, status, attempt):
        return (status == 415 and attempt < 1) or super().is_retried(status, attempt)


sys.exit(Broken().run())

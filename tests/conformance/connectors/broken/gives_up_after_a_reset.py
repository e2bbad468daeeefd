"""Gives a message up when the connection is reset."""

import sys

from sound import NO_ANSWER, Connector


class Broken(Connector):
    def is_retried(self, status, attempt):
        return status != NO_ANSWER and super().is_retried(status, attempt)


sys.exit(Broken().run())

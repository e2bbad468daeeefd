"""Gives up after 500, 502 and 504."""

import sys

from sound import Connector


class Broken(Connector):
    def is_retried(self, status, attempt):
        return status not in {500, 502, 504} and super().is_retried(status, attempt)


sys.exit(Broken().run())

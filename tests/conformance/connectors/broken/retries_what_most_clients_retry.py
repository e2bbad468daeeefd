"""Gives up after 403, 408 and 409, which Adobe retries."""

import sys

from sound import Connector


class Broken(Connector):
    def is_retried(self, status, attempt):
        return status not in {403, 408, 409} and super().is_retried(status, attempt)


sys.exit(Broken().run())

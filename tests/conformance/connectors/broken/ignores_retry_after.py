"""Waits as long as it likes, whatever Retry-After says."""

import sys

from sound import Connector


class Broken(Connector):
    def wait(self, attempt, answered):
        super().wait(attempt, {})


sys.exit(Broken().run())

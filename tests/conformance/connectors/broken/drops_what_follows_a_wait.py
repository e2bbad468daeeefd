"""Forgets the next message after each wait: an error of one in its queue."""

import sys

from sound import Connector


class Broken(Connector):
    skips_next = False

    def deliver(self, body):
        if self.skips_next:
            self.skips_next = False
            return True
        return super().deliver(body)

    def wait(self, attempt, answered):
        super().wait(attempt, answered)
        self.skips_next = True


sys.exit(Broken().run())

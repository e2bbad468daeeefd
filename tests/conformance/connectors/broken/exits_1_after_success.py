"""Ends with 1 as soon as any message had to be sent again."""

import sys

from sound import Connector


class Broken(Connector):
    had_retries = False

    def run(self):
        return super().run() or int(self.had_retries)

    def wait(self, attempt, answered):
        self.had_retries = True
        super().wait(attempt, answered)


sys.exit(Broken().run())

"""Sends the whole list again, from its start, after any message was refused."""

import sys

from sound import Connector


class Broken(Connector):
    def run(self):
        for _ in range(self.tries):
            try:
                return super().run()
            except RuntimeError:
                continue
        return 1

    def wait(self, attempt, answered):
        super().wait(attempt, answered)
        raise RuntimeError("from the start")


sys.exit(Broken().run())

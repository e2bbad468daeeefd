"""Takes the seconds of Retry-After for half seconds."""

import sys

from sound import Connector


class Broken(Connector):
    def wait(self, attempt, answered):
        if "retry-after" in answered:
            answered = {"retry-after": float(answered["retry-after"]) / 2}
        super().wait(attempt, answered)


sys.exit(Broken().run())

"""Ends as soon as an answer takes more than a second, and leaves the other messages out."""

import sys

from sound import Connector


class Broken(Connector):
    timeout_seconds = 1.0

    def lost(self, error):
        if isinstance(error, TimeoutError):
            raise error


sys.exit(Broken().run())

"""Waits for an answer for 1 s only, and then sends the message again."""

import sys

from sound import Connector


class Broken(Connector):
    timeout_seconds = 1.0


sys.exit(Broken().run())

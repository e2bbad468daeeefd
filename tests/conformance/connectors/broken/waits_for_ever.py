"""Waits for an answer without any limit."""

import sys

from sound import Connector


class Broken(Connector):
    timeout_seconds = None


sys.exit(Broken().run())

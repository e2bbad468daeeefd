"""Sends a message twice at most, 0.3 s apart."""

import sys

from sound import Connector


class Broken(Connector):
    tries = 2
    first_wait_seconds = 0.3


sys.exit(Broken().run())

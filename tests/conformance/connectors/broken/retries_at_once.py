"""Sends a message again without any wait, where no Retry-After says one."""

import sys

from sound import Connector


class Broken(Connector):
    first_wait_seconds = 0.0
    tries = 2_000


sys.exit(Broken().run())

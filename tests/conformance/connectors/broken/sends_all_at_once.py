"""Sends 20 messages at a time, and gives up each that is above the limit three times."""

import os
import sys
from concurrent.futures import ThreadPoolExecutor

from sound import Connector


class Broken(Connector):
    tries = 3
    first_wait_seconds = 0.12

    def run(self):
        with ThreadPoolExecutor(20) as pool:
            return 0 if all(list(pool.map(self.deliver, self.bodies()))) else 1

    def refused(self):
        os._exit(1)  # from any thread


sys.exit(Broken().run())

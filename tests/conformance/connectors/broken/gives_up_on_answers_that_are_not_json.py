"""Reads each answer as JSON, and ends with an error when it is none."""

import json
import sys

from sound import Connector


class Broken(Connector):
    def read(self, answer):
        if text := answer.read():
            json.loads(text)


sys.exit(Broken().run())

"""Reads numbers as floating point numbers, which are exact up to 2⁵³."""

import json
import sys

from sound import Connector, line_of


class Broken(Connector):
    def bodies(self):
        return [line_of(json.loads(body, parse_int=float)) for body in super().bodies()]


sys.exit(Broken().run())

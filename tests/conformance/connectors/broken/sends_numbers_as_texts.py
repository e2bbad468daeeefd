"""Posts each whole number as a text."""

import json
import sys

from sound import Connector, line_of


class Broken(Connector):
    def bodies(self):
        return [line_of(json.loads(body, parse_int=str)) for body in super().bodies()]


sys.exit(Broken().run())

"""Reads each number as a whole one."""

import json
import sys

from sound import Connector, line_of


class Broken(Connector):
    def bodies(self):
        return [line_of(json.loads(body, parse_float=self.whole)) for body in super().bodies()]

    def whole(self, text):
        return int(float(text))


sys.exit(Broken().run())

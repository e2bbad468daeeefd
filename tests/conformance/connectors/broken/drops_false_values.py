"""Leaves out zero and false, which it takes for nothing."""

import json
import sys

from sound import Connector, line_of


class Broken(Connector):
    def bodies(self):
        return [line_of(self.filled(json.loads(body))) for body in super().bodies()]

    def filled(self, value):
        if isinstance(value, dict):
            return {key: self.filled(each) for key, each in value.items() if each or each == ""}
        return value


sys.exit(Broken().run())

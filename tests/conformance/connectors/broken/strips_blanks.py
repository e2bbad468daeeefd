"""Cuts blanks and line breaks off the ends of texts."""

import json
import sys

from sound import Connector, line_of


class Broken(Connector):
    def bodies(self):
        return [line_of(self.stripped(json.loads(body))) for body in super().bodies()]

    def stripped(self, value):
        if isinstance(value, dict):
            return {key: self.stripped(each) for key, each in value.items()}
        return value.strip() if isinstance(value, str) else value


sys.exit(Broken().run())

"""Puts the token in each message too."""

import json
import sys

from sound import Connector, line_of


class Broken(Connector):
    def bodies(self):
        return [self.with_token(json.loads(body)) for body in super().bodies()]

    def with_token(self, message):
        return line_of({**message, "apiToken": self.token})


sys.exit(Broken().run())

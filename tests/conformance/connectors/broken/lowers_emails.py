"""Writes e-mail addresses in lower case, so that they are no longer those of the profile."""

import json
import sys

from sound import Connector, line_of


class Broken(Connector):
    def bodies(self):
        return [self.lowered(json.loads(body)) for body in super().bodies()]

    def lowered(self, message):
        for identity in message["identityMap"].get("Email", ()):
            identity["id"] = identity["id"].lower()
        return line_of(message)


sys.exit(Broken().run())

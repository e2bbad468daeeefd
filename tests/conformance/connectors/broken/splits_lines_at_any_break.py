"""Takes every line break of Unicode for the end of a message, also one inside a text."""

import sys

from sound import Connector


class Broken(Connector):
    def bodies(self):
        return [line.encode() for line in b"\n".join(super().bodies()).decode().splitlines()]


sys.exit(Broken().run())

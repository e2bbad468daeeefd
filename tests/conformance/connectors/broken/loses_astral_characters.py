"""Leaves out characters beyond U+FFFF, such as emoji."""

import re
import sys

from sound import Connector

ASTRAL = re.compile("[\U00010000-\U0010ffff]")


class Broken(Connector):
    def bodies(self):
        return [ASTRAL.sub("", body.decode()).encode() for body in super().bodies()]


sys.exit(Broken().run())

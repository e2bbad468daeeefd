"""Replaces a letter and its accent by one character (NFC)."""

import sys
import unicodedata

from sound import Connector


class Broken(Connector):
    def bodies(self):
        return [unicodedata.normalize("NFC", body.decode()).encode() for body in super().bodies()]


sys.exit(Broken().run())

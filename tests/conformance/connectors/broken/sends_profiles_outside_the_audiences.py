"""Exports everybody, members of a mapped audience or not."""

import sys

from sound_mapping import MappingConnector


class Broken(MappingConnector):
    def is_exported(self, message):
        return bool(message["identityMap"])


sys.exit(Broken().run())

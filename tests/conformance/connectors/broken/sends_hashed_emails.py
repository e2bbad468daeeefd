"""Exports hashed e-mails, which the destination takes for addresses."""

import sys

from sound_mapping import MappingConnector


class Broken(MappingConnector):
    def is_sent(self, identity, mapping):
        return True


sys.exit(Broken().run())

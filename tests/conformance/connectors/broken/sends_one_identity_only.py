"""Exports the first identity of each namespace only."""

import sys

from sound_mapping import MappingConnector


class Broken(MappingConnector):
    def identities(self, profile):
        return {name: entries[:1] for name, entries in super().identities(profile).items()}


sys.exit(Broken().run())

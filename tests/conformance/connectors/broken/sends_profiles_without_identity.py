"""Exports profiles that have no mapped identity."""

import sys

from sound_mapping import MappingConnector


class Broken(MappingConnector):
    def identities(self, profile):
        return super().identities(profile) or {"Email": [{"id": str(profile["_id"])}]}


sys.exit(Broken().run())

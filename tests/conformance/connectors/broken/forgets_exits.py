"""Leaves out the audiences that a profile has left."""

import sys

from sound_mapping import MappingConnector


class Broken(MappingConnector):
    def memberships(self, profile):
        found = super().memberships(profile).items()
        return {each: entry for each, entry in found if entry["status"] != "exited"}


sys.exit(Broken().run())

"""Exports all audiences of a profile, mapped or not."""

import sys

from sound_mapping import MappingConnector


class Broken(MappingConnector):
    def memberships(self, profile):
        return profile.get("segmentMembership", {}).get("ups", {})


sys.exit(Broken().run())

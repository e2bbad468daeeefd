"""Exports each profile as it is, mapped or not."""

import sys

from sound_mapping import MappingConnector


class Broken(MappingConnector):
    def message(self, profile):
        rest = {k: v for k, v in profile.items() if k not in ("identityMap", "segmentMembership")}
        return {**rest, **super().message(profile)}


sys.exit(Broken().run())

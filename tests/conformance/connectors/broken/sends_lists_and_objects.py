"""Exports attributes that are lists and objects (A-MAP-3)."""

import sys

from sound_mapping import MappingConnector


class Broken(MappingConnector):
    def message(self, profile):
        message = super().message(profile)
        for mapping in self.dataflow.get("attributes", ()):
            value = self.at(profile, mapping["source"].split("."))
            if isinstance(value, list | dict):
                message[mapping["target"]] = value
        return message


sys.exit(Broken().run())

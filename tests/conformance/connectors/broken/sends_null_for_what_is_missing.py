"""Exports null for each mapped attribute that a profile lacks."""

import sys

from sound_mapping import MappingConnector


class Broken(MappingConnector):
    def message(self, profile):
        message = super().message(profile)
        for mapping in self.dataflow.get("attributes", ()):
            if (
                self.at(profile, mapping["source"].split(".")) is None
                and "." not in mapping["target"]
            ):
                message[mapping["target"]] = None
        return message


sys.exit(Broken().run())

"""Exports a nested attribute under its dotted name."""

import sys

from sound_mapping import MappingConnector


class Broken(MappingConnector):
    def message(self, profile):
        message = super().message(profile)
        for mapping in self.dataflow.get("attributes", ()):
            parent, _, leaf = mapping["target"].partition(".")
            if leaf and isinstance(node := message.pop(parent, None), dict):
                message.update({f"{parent}.{name}": value for name, value in node.items()})
        return message


sys.exit(Broken().run())

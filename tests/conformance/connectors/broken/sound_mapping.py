"""What the broken connectors that map would be without their one bug: it passes itself."""

import json
import os
import re
import sys
import tomllib
from pathlib import Path

from sound import Connector, line_of

HASHED = re.compile(r"[0-9A-Fa-f]{32}|[0-9A-Fa-f]{40}|[0-9A-Fa-f]{64}|[0-9A-Fa-f]{128}")


class MappingConnector(Connector):
    def bodies(self):
        """Return what is posted: the message of each profile that is exported."""
        self.dataflow = tomllib.loads(Path(os.environ["DATAFLOW"]).read_text("utf-8"))
        lines = Path(os.environ["PROFILES"]).read_text("utf-8").split("\n")
        messages = [self.message(json.loads(line)) for line in lines if line]
        return [line_of(each) for each in messages if self.is_exported(each)]

    def is_exported(self, message):
        """Return whether it has a mapped identity, and is of a mapped audience (A-EXP-1)."""
        is_member = "segmentMembership" in message or not self.dataflow.get("audiences")
        return bool(message["identityMap"]) and is_member

    def message(self, profile):
        message = {}
        for mapping in self.dataflow.get("attributes", ()):
            value = self.at(profile, mapping["source"].split("."))
            if isinstance(value, str | int | float):
                *parents, leaf = mapping["target"].split(".")
                node = message
                for name in parents:
                    node = node.setdefault(name, {})
                node[leaf] = value
        message["identityMap"] = self.identities(profile)
        if memberships := self.memberships(profile):
            message["segmentMembership"] = {"ups": memberships}
        return message

    def at(self, profile, path):
        value = profile
        for name in path:
            value = value.get(name) if isinstance(value, dict) else None
        return value

    def identities(self, profile):
        found = {}
        for mapping in self.dataflow["identities"]:
            given = profile.get("identityMap", {}).get(mapping["source"], ())
            kept = [{"id": each["id"]} for each in given if self.is_sent(each["id"], mapping)]
            if kept:
                found[mapping["source"]] = kept
        return found

    def is_sent(self, identity, mapping):
        """Return whether an identity is exported: a hashed e-mail is not (A-MAP-2)."""
        return mapping["target"] != "email" or not HASHED.fullmatch(identity)

    def memberships(self, profile):
        ups = profile.get("segmentMembership", {}).get("ups", {})
        mapped = [audience["id"] for audience in self.dataflow.get("audiences", ())]
        return {each: ups[each] for each in mapped if each in ups}


if __name__ == "__main__":
    sys.exit(MappingConnector().run())

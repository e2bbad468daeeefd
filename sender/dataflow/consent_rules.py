"""What counts as consent to the export of a profile, as one frozen value (A-EXP-4).

The names are those of XDM's field group "Consents and Preferences". What of it stops an export is
a matter of each organization's policies, so all of it can be set in the dataflow file. By default
everything that concerns a survey by e-mail counts, and what is not clearly granted is withdrawn.
"""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

CONSENTS = "consents"

# Given by the customer or by default; legitimate interest, contract, compliance with a legal
# obligation, vital interest, public interest.
GRANTED = ("y", "dy", "LI", "CT", "CP", "VI", "PI")
PATHS = (
    "consents.collect.val",
    "consents.share.val",
    "consents.marketing.any.val",
    "consents.marketing.email.val",
)


@dataclass(frozen=True, slots=True)
class ConsentRules:
    """Which consents count, and which of their values grant an export.

    Attributes:
        granted: the values that grant it, in this case; any other value withdraws it.
        paths: dotted paths of the consents in a profile; one that is missing changes nothing.
        id_specific: whether what ``consents.idSpecific`` says of an exported identity counts for
            the profile.
    """

    granted: tuple[str, ...] = GRANTED
    paths: tuple[str, ...] = PATHS
    id_specific: bool = True

    @classmethod
    def from_mapping(cls, mapping: Mapping[str, Any]) -> Self:
        """Return the rules of a valid table ``consent``; what is left out has its default."""
        chosen = dict(mapping)
        for name in ("granted", "paths"):
            if name in chosen:
                chosen[name] = tuple(chosen[name])
        return cls(**chosen)

    def to_mapping(self) -> dict[str, Any]:
        """Return what differs from the defaults, so that a default that changes takes effect."""
        fields = dataclasses.asdict(self).items()
        default = dataclasses.asdict(type(self)())
        changed = {name: value for name, value in fields if value != default[name]}
        return {k: list(v) if isinstance(v, tuple) else v for k, v in changed.items()}

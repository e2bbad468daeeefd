"""What a valid mapping has in it that looks like a mistake, in a sentence each."""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from sender.dataflow.entries import AttributeMapping, AudienceActivation, IdentityMapping

MOST_ATTRIBUTES: Final = 50
MOST_AUDIENCES: Final = 250
"""Adobe's soft guardrails for one destination (A-MAP-3): beyond them is a warning."""

_CAMEL_CASE = re.compile(r"[a-z][a-zA-Z0-9]*")
_HASHED_NAMESPACE = re.compile(r"sha|md5|hash", re.IGNORECASE)


def mapping_warnings(
    attributes: Sequence[AttributeMapping],
    identities: Iterable[IdentityMapping],
    audiences: Sequence[AudienceActivation],
) -> list[str]:
    """Return a sentence for each thing that is allowed but looks like a mistake."""
    return [
        *_unusual_targets(attributes),
        *_hashed_namespaces(identities),
        *_absences(attributes, audiences),
        *_beyond_guardrails(len(attributes), len(audiences)),
    ]


def _unusual_targets(attributes: Iterable[AttributeMapping]) -> Iterator[str]:
    for mapping in attributes:
        if not all(map(_CAMEL_CASE.fullmatch, mapping.target_path)):
            yield f"attribute target {mapping.target!r} is not camelCase"


def _hashed_namespaces(identities: Iterable[IdentityMapping]) -> Iterator[str]:
    for mapping in identities:
        if mapping.target == "email" and _HASHED_NAMESPACE.search(mapping.source):
            yield f"identity source {mapping.source!r} looks hashed: hashed e-mails are excluded"


def _absences(
    attributes: Sequence[AttributeMapping], audiences: Sequence[AudienceActivation]
) -> Iterator[str]:
    if not attributes:
        yield "no attribute is mapped: messages carry identities and audiences only"
    if not audiences:
        yield "no audience is mapped: every profile with a mapped identity is exported"


def _beyond_guardrails(attributes: int, audiences: int) -> Iterator[str]:
    for what, count, most in (
        ("attributes are mapped", attributes, MOST_ATTRIBUTES),
        ("audiences are mapped", audiences, MOST_AUDIENCES),
    ):
        if count > most:
            yield f"{count} {what}: Adobe's guardrail is {most}, which is soft (A-MAP-3)"

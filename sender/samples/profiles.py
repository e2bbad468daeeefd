"""Sample profiles for the fields that a dataflow maps, like those of Adobe's testing API.

See A-TEST-1. They are deterministic and fictional: e-mail addresses end in ``@example.com``. For
trials and demonstrations; property-based tests use :mod:`contracts.strategies`.
"""

import datetime as dt
import hashlib
import random
from collections.abc import Iterator
from typing import Any

from sender.dataflow import Dataflow, IdentityMapping
from sender.samples.values import FAMILY_NAMES, GIVEN_NAMES, Maker, Person, maker_for

FIRST_QUALIFICATION = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)

_EXIT_PROBABILITY = 0.1


def sample_profiles(
    dataflow: Dataflow,
    count: int,
    seed: int,
    *,
    excluded_share: float = 0.0,
    incomplete_share: float = 0.0,
) -> Iterator[dict[str, Any]]:
    """Yield profiles that have all fields that a dataflow maps.

    Args:
        dataflow: the dataflow.
        count: number of profiles.
        seed: the same seed gives the same profiles.
        excluded_share: share of all profiles, from 0 to 1, that have no exportable identity. If an
            e-mail is mapped, every second one of these has a hashed e-mail; the others have no
            identity.
        incomplete_share: share of the other profiles, from 0 to 1, that lack the first mapped
            attribute.

    Example:
        >>> flow = Dataflow.from_mapping({
        ...     "name": "Survey",
        ...     "url": "http://127.0.0.1:8084/inbound-event/v1/events/json/triggers?urlTokenId=x",
        ...     "username": "dave#brand",
        ...     "identities": [{"source": "Email", "target": "email"}],
        ... })
        >>> next(sample_profiles(flow, 1, seed=7))["identityMap"]
        {'Email': [{'id': 'sample0@example.com'}]}
    """
    samples = SampleProfiles(dataflow, seed)
    rng = random.Random(seed)  # noqa: S311  samples, no secrets
    excluded = complete = 0
    for number in range(count):
        person, profile = samples.drawn(number, rng)
        if _is_next(number, excluded_share):
            profile["identityMap"] = _no_identity(dataflow, person, excluded)
            excluded += 1
        else:
            if _is_next(complete, incomplete_share):
                _leave_out_first(profile, dataflow)
            complete += 1
        yield profile


class SampleProfiles:
    """Sample profiles by number: each is made by itself, in any order, the same at any time.

    Args:
        dataflow: the dataflow, whose fields they have.
        seed: the same seed gives the same profiles; other ones than :func:`sample_profiles`.
    """

    def __init__(self, dataflow: Dataflow, seed: int) -> None:
        self._dataflow = dataflow
        self._seed = seed
        self._makers = _makers(dataflow)

    def of(self, number: int) -> dict[str, Any]:
        """Return one profile; its identities have its number.

        Args:
            number: from 0.
        """
        rng = random.Random(f"{self._seed}/{number}")  # noqa: S311  samples, no secrets
        return self.drawn(number, rng)[1]

    def drawn(self, number: int, rng: random.Random) -> tuple[Person, dict[str, Any]]:
        """Return a person, whose values are drawn from a source of chance, and the profile."""
        dataflow = self._dataflow
        person = Person(number, rng.choice(GIVEN_NAMES), rng.choice(FAMILY_NAMES), rng)
        profile = _attributes(self._makers, person)
        profile["_id"] = f"sample-{self._seed}-{number}"
        profile["identityMap"] = {i.source: [{"id": _id(i, person)}] for i in dataflow.identities}
        profile["segmentMembership"] = {"ups": _memberships(dataflow, person)}
        return person, profile


def _is_next(number: int, share: float) -> bool:
    """Return whether this one belongs to the share, which is spread evenly and exactly."""
    return int((number + 1) * share) > int(number * share)


def _makers(dataflow: Dataflow) -> list[tuple[tuple[str, ...], Maker]]:
    """Return a maker for each attribute; deep paths first, before a value can stand in the way."""
    paths = dict.fromkeys(mapping.source_path for mapping in dataflow.attributes)
    ordered = sorted(paths, key=len, reverse=True)
    return [(path, maker_for(path)) for path in ordered]


def _attributes(plan: list[tuple[tuple[str, ...], Maker]], person: Person) -> dict[str, Any]:
    profile: dict[str, Any] = {}
    for path, maker in plan:
        node = profile
        for name in path[:-1]:
            node = node.setdefault(name, {})
        node.setdefault(path[-1], maker(person))
    return profile


def _id(identity: IdentityMapping, person: Person) -> str:
    return person.email if identity.target == "email" else f"{identity.source}-{person.number:08d}"


def _no_identity(dataflow: Dataflow, person: Person, excluded: int) -> dict[str, Any]:
    emails = [mapping.source for mapping in dataflow.identities if mapping.target == "email"]
    if not emails or excluded % 2 == 0:
        return {}
    hashed = hashlib.sha256(person.email.encode()).hexdigest()
    return {emails[0]: [{"id": hashed}]}


def _memberships(dataflow: Dataflow, person: Person) -> dict[str, dict[str, str]]:
    instant = FIRST_QUALIFICATION + dt.timedelta(milliseconds=person.number)
    time = instant.replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"
    memberships = {}
    for index, audience in enumerate(dataflow.audiences):
        has_left = index > 0 and person.rng.random() < _EXIT_PROBABILITY
        status = "exited" if has_left else "realized"
        memberships[audience.id] = {"lastQualificationTime": time, "status": status}
    return memberships


def _leave_out_first(profile: dict[str, Any], dataflow: Dataflow) -> None:
    for mapping in dataflow.attributes[:1]:
        node: Any = profile
        for name in mapping.source_path[:-1]:
            node = node.get(name)
            if not isinstance(node, dict):
                return
        node.pop(mapping.source_path[-1], None)

"""Whether a source can know what a dataflow maps: an audience it cannot know is no exit.

A table says by its columns what it knows. It may lack a mapped column, with a warning, until an
export had it: from then on nobody could tell a field that is gone from one that is not known.
In JSON any key may be absent from a profile, so only the whole source can tell an audience that
everybody has left from one that it does not know: it is read ahead until every mapped field was
seen.
"""

import dataclasses
import difflib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from contracts.redaction import redact
from sender.dataflow import Dataflow
from sender.profiles.columns import IDENTITY_PREFIX, PEOPLE_PREFIX, Columns
from sender.profiles.rows import NothingYet, ProfileRow, Row, UnreadRows

Path = tuple[str, ...]

ALLOW_MISSING_COLUMNS = "--allow-missing-columns"
MOST_COLUMNS_SHOWN = 20
MOST_AUDIENCES_SHOWN = 3

PROFILES_READ_AHEAD = 10_000
"""After so many profiles a source is read ahead only for audiences."""

_LIKE = 0.75  # how alike two names must be for one to be suggested for the other
_PEOPLE = ("segmentMembership", "ups")
_STAYS = f"or {ALLOW_MISSING_COLUMNS}: what is known of their members then stays"


@dataclass(frozen=True, slots=True)
class EarlierExports:
    """What an outbox knows of the exports before.

    Attributes:
        members: the audiences in which profiles were exported that have not left them.
        fields: the mapped fields that their sources had, as names of columns.
    """

    members: frozenset[str] = frozenset()
    fields: frozenset[str] = frozenset()

    def knows(self, path: str) -> bool:
        """Return whether a mapped field, by the name of its column, was exported before."""
        return path in self.fields or path.removeprefix(PEOPLE_PREFIX) in self.members


def mapped_columns(dataflow: Dataflow) -> list[str]:
    """Return the columns that a table has for all that a dataflow maps, in mapping order."""
    return [
        *(IDENTITY_PREFIX + mapping.source for mapping in dataflow.identities),
        *(PEOPLE_PREFIX + audience.id for audience in dataflow.audiences),
        *(mapping.source for mapping in dataflow.attributes),
    ]


def missing_columns(columns: Columns, dataflow: Dataflow) -> list[str]:
    """Return the columns that a table lacks for what a dataflow maps, in mapping order."""
    return [path for path in mapped_columns(dataflow) if not columns.knows(path)]


def warnings_of_columns(columns: Columns, dataflow: Dataflow) -> Iterator[str]:
    """Yield a sentence for each column that a table lacks."""
    others = _others(columns.header, dataflow)
    for path in missing_columns(columns, dataflow):
        near = _nearest(path, others)
        meant = f"; meant perhaps: {redact(near)}" if near else ""
        yield f"no column for the mapped {path!r}{meant}"


def problems_of_columns(
    columns: Columns,
    dataflow: Dataflow,
    earlier: EarlierExports = EarlierExports(),
    *,
    allow_missing: bool = False,
) -> list[str]:
    """Return why a dataflow cannot export the profiles of a table; empty if it can.

    Args:
        columns: the table's columns.
        dataflow: what is mapped.
        earlier: what the outbox knows of the exports before.
        allow_missing: whether columns may be missing; one of a mapped identity is needed.
    """
    missing = missing_columns(columns, dataflow)
    identities = [IDENTITY_PREFIX + mapping.source for mapping in dataflow.identities]
    if set(identities) <= set(missing):
        found = _found(columns.header, identities, dataflow)
        return [f"no column of a mapped identity: {found}; expected {' or '.join(identities)}"]
    if allow_missing:
        return []
    audiences = [PEOPLE_PREFIX + audience.id for audience in dataflow.audiences]
    spelled = {_letters(name) for name in _others(columns.header, dataflow)}
    reasons = {
        "the columns that earlier exports had": [p for p in missing if earlier.knows(p)],
        "the names as the dataflow maps them": [p for p in missing if _letters(p) in spelled],
        "one of a mapped audience": audiences if set(audiences) <= set(missing) else [],
    }
    return [
        _refusal(columns.header, paths, dataflow, expected)
        for expected, paths in reasons.items()
        if paths
    ][:1]


def _refusal(header: Sequence[str], missing: list[str], dataflow: Dataflow, expected: str) -> str:
    found = _found(header, missing, dataflow)
    allowed = "what is known of their audiences then stays, and the other fields are absent"
    problem = f"no column for {', '.join(missing)}: {found}; expected {expected}"
    return f"{problem}, or {ALLOW_MISSING_COLUMNS}: {allowed}"


def _letters(name: str) -> str:
    """Return a name without what is easily mistyped: case, blanks, dashes and underscores."""
    return re.sub(r"[\s_-]", "", name).casefold()


def _others(header: Sequence[str], dataflow: Dataflow) -> list[str]:
    """Return the columns that are not what the dataflow maps."""
    wanted = mapped_columns(dataflow)
    return [name for name in header if name not in wanted]


def _found(header: Sequence[str], missing: Sequence[str], dataflow: Dataflow) -> str:
    """Return the columns that there are, with those that are nearly a missing one."""
    shown = [redact(name) for name in header[:MOST_COLUMNS_SHOWN]]
    more = len(header) - len(shown)
    found = f"found {', '.join(shown) or 'none'}{f' and {more} more' * bool(more)}"
    others = _others(header, dataflow)
    near = [f"{name} for {path}" for path in missing if (name := _nearest(path, others))]
    return f"{found}; meant perhaps: {', '.join(map(redact, near))}" if near else found


def _nearest(path: str, names: Iterable[str]) -> str | None:
    """Return the name most like a path; a prefix that all audiences have makes none alike."""
    prefix = next((p for p in (PEOPLE_PREFIX, IDENTITY_PREFIX) if path.startswith(p)), "")
    rests = {name.casefold().removeprefix(prefix.casefold()): name for name in names}
    rest = path.removeprefix(prefix).casefold()
    alike = difflib.get_close_matches(rest, rests, n=1, cutoff=_LIKE)
    return rests[alike[0]] if alike else None


@dataclass(frozen=True, slots=True)
class Coverage:
    """What of a dataflow's mapping the profiles of one source have.

    Attributes:
        profiles: how many profiles were read for it.
        has_identities: whether any profile has a mapped identity, so that it could be exported.
        has_memberships: whether any profile has ``segmentMembership.ups``.
        unnamed: the mapped audiences that no profile names, in mapping order.
        absent: the mapped identities and attributes that no profile has, as dotted paths.
        others: some audiences that profiles name and nothing maps, when they name no mapped one.
    """

    profiles: int
    has_identities: bool
    has_memberships: bool
    unnamed: tuple[str, ...]
    absent: tuple[str, ...]
    others: tuple[str, ...] = ()

    def problems(self, members: frozenset[str]) -> Iterator[str]:
        """Yield why the source cannot be exported.

        Args:
            members: the audiences in which profiles were exported before.
        """
        if not self.has_identities or not self.unnamed:
            return
        if not self.has_memberships:
            yield f"no profile has segmentMembership.ups: expected memberships, {_STAYS}"
        elif gone := [audience for audience in self.unnamed if audience in members]:
            yield (
                f"no profile names the audience {', '.join(gone)}, whose members were exported "
                f"before: expected profiles that are realized or exited in it, {_STAYS}"
            )

    def warnings(self) -> Iterator[str]:
        """Yield a sentence for each mapped identity or attribute that no profile has.

        When none names a mapped audience, one says which they name: nothing would be exported.
        """
        among = f"of the first {self.profiles:,} " * (self.profiles >= PROFILES_READ_AHEAD)
        if self.others:
            found, expected = (", ".join(map(redact, ids)) for ids in (self.others, self.unnamed))
            yield f"no profile names a mapped audience: found {found}; expected {expected}"
        if self.profiles:
            yield from (f"no profile {among}has the mapped {path!r}" for path in self.absent)


def coverage_of(rows: Iterable[Row | NothingYet], dataflow: Dataflow) -> Coverage:
    """Read rows until every mapped field was seen, or to their end.

    Of rows that cannot be read nobody knows what they would tell: then nothing is held against the
    source.
    """
    audiences: list[Path] = [(*_PEOPLE, audience.id) for audience in dataflow.audiences]
    identities: list[Path] = [("identityMap", mapping.source) for mapping in dataflow.identities]
    others = [*identities, *(mapping.source_path for mapping in dataflow.attributes)]
    unnamed, absent, has_memberships, count = set(audiences), set(others), not audiences, 0
    unmapped: dict[str, None] = {}
    for row in rows:
        if isinstance(row, UnreadRows):
            return Coverage(0, False, True, tuple(path[-1] for path in audiences), ())
        if not isinstance(row, ProfileRow):
            continue
        count += 1
        has_memberships = has_memberships or _has(row.profile, _PEOPLE)
        unnamed = _without_those_of(row.profile, unnamed)
        if len(unnamed) == len(audiences) and len(unmapped) < MOST_AUDIENCES_SHOWN:
            unmapped.update(dict.fromkeys(_audiences_of(row.profile)))
        absent = _without_those_of(row.profile, absent)
        if not unnamed and (not absent or count >= PROFILES_READ_AHEAD):
            break
    return Coverage(
        count,
        not absent.issuperset(identities),
        has_memberships,
        tuple(path[-1] for path in audiences if path in unnamed),
        tuple(".".join(path) for path in others if path in absent),
        tuple(unmapped)[:MOST_AUDIENCES_SHOWN]
        if unnamed and len(unnamed) == len(audiences)
        else (),
    )


def with_known_audiences(
    rows: Iterable[Row | NothingYet], unnamed: Iterable[str], dataflow: Dataflow
) -> Iterator[Row | NothingYet]:
    """Yield rows that tell of no audience in ``unnamed`` until a row has named it."""
    mapped = frozenset(audience.id for audience in dataflow.audiences)
    paths: set[Path] = {(*_PEOPLE, audience) for audience in unnamed}
    for row in rows:
        if not paths or not isinstance(row, ProfileRow):
            yield row
            continue
        paths = _without_those_of(row.profile, paths)
        if not paths or not _has(row.profile, _PEOPLE):
            yield row
        else:
            known = mapped.difference(path[-1] for path in paths)
            yield dataclasses.replace(row, known_audiences=known)


def _without_those_of(profile: Mapping[str, Any], paths: set[Path]) -> set[Path]:
    return {path for path in paths if not _has(profile, path)} if paths else paths


def _audiences_of(profile: Mapping[str, Any]) -> list[str]:
    memberships = profile.get("segmentMembership")
    ups = memberships.get("ups") if isinstance(memberships, Mapping) else None
    return list(ups) if isinstance(ups, Mapping) else []


def _has(profile: Mapping[str, Any], path: Path) -> bool:
    node: Any = profile
    for name in path:
        node = node.get(name) if isinstance(node, Mapping) else None
    return node is not None

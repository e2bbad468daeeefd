"""A dataflow: destination, mapping and audiences, as one frozen value.

Read from a TOML file or a mapping, and validated completely before anything is sent. Holds no API
token: that comes from the environment, so it cannot end up in a file or an outbox.
"""

import dataclasses
import datetime as dt
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Literal, Self

from contracts.documents import parse_toml
from sender.dataflow.checks import violations_of
from sender.dataflow.consent_rules import ConsentRules
from sender.dataflow.trigger_url import url_host
from sender.errors import DataflowError

MOST_ATTRIBUTES: Final = 50
MOST_AUDIENCES: Final = 250
"""Adobe's soft guardrails for one destination (A-MAP-3): beyond them is a warning."""

_CAMEL_CASE = re.compile(r"[a-z][a-zA-Z0-9]*")
_HASHED_NAMESPACE = re.compile(r"sha|md5|hash", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class AttributeMapping:
    """Where an attribute comes from in the profile, and where it goes in the message (A-MAP-1).

    Attributes:
        source: dotted path in the profile.
        target: dotted path in the message.
        source_path: the names in ``source``.
        target_path: the names in ``target``.
    """

    source: str
    target: str
    source_path: tuple[str, ...] = field(init=False, repr=False, compare=False)
    target_path: tuple[str, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "source_path", tuple(self.source.split(".")))
        object.__setattr__(self, "target_path", tuple(self.target.split(".")))


@dataclass(frozen=True, slots=True)
class IdentityMapping:
    """An identity namespace that is exported, and its target identity (A-MAP-2).

    Attributes:
        source: the namespace in the profile's identity map, and the key in the message.
        target: ``email`` or ``external_id``.
    """

    source: str
    target: str


@dataclass(frozen=True, slots=True)
class AudienceActivation:
    """An audience whose members are exported, and when (A-EXP-6).

    Attributes:
        id: the audience's id; any text, not only UUIDs (A-MSG-3).
        start_date: first day of the export, in UTC; None: no start.
        end_date: last day of the export, in UTC; None: no end.
    """

    id: str
    start_date: dt.date | None = None
    end_date: dt.date | None = None

    def is_active(self, day: dt.date) -> bool:
        """Return whether the audience is exported on that day (UTC), both ends included."""
        after_start = self.start_date is None or self.start_date <= day
        return after_start and (self.end_date is None or day <= self.end_date)


@dataclass(frozen=True, slots=True)
class WhenToActivate:
    """Which changes of a profile export it; each can be switched off (A-EXP-1).

    Attributes:
        attribute_changes: a mapped attribute is updated, or restated by an ingestion.
        audience_changes: the profile enters or leaves a mapped audience.
        identity_changes: an identity of a mapped namespace is added or removed.
    """

    attribute_changes: bool = True
    audience_changes: bool = True
    identity_changes: bool = True

    def to_mapping(self) -> dict[str, bool]:
        """Return what is switched off."""
        return {name: on for name, on in dataclasses.asdict(self).items() if not on}


@dataclass(frozen=True, slots=True, repr=False)
class Dataflow:
    """The destination, the mapping of profiles to messages, and the audiences.

    Attributes:
        name: the dataflow's name.
        url: the JSON Event's trigger URL, with its secret ``urlTokenId``; never logged.
        username: the Qualtrics username, HTTP Basic's user (A-AUTH-1); never logged.
        attributes: mapped attributes, in mapping order.
        identities: mapped identity namespaces, in mapping order; at least one (A-MAP-2).
        audiences: mapped audiences.
        description: free text.
        consent: which consents count, and which of their values grant an export (A-EXP-4).
        identity_map_keys: whether a message's identity map has the names of the ``source`` or of
            the ``target`` identities as its keys (A-MSG-1).
        when_to_activate: which changes of a profile export it (A-EXP-1).
        plain_http_hosts: the hosts beyond this machine to which plain http was allowed; not part of
            the mapping, so that an outbox does not keep it.

    Example:
        >>> flow = Dataflow.from_mapping({
        ...     "name": "Survey",
        ...     "url": "http://127.0.0.1:8084/inbound-event/v1/events/json/triggers?urlTokenId=x",
        ...     "username": "dave#brand",
        ...     "identities": [{"source": "Email", "target": "email"}],
        ... })
        >>> flow
        Dataflow(name='Survey', host='127.0.0.1', attributes=0, identities=1, audiences=0)
    """

    name: str
    url: str
    username: str
    attributes: tuple[AttributeMapping, ...]
    identities: tuple[IdentityMapping, ...]
    audiences: tuple[AudienceActivation, ...]
    description: str = ""
    consent: ConsentRules = field(default_factory=ConsentRules)
    identity_map_keys: Literal["source", "target"] = "source"
    when_to_activate: WhenToActivate = field(default_factory=WhenToActivate)
    plain_http_hosts: frozenset[str] = field(default=frozenset(), compare=False)

    def __repr__(self) -> str:
        return (
            f"Dataflow(name={self.name!r}, host={url_host(self.url)!r}, "
            f"attributes={len(self.attributes)}, identities={len(self.identities)}, "
            f"audiences={len(self.audiences)})"
        )

    @classmethod
    def from_toml(cls, path: str | Path, *, plain_http_hosts: Iterable[str] = ()) -> Self:
        """Read a dataflow file.

        Args:
            path: the file.
            plain_http_hosts: as for :meth:`from_mapping`.

        Raises:
            DataflowError: the file cannot be read, is not TOML, or is invalid; lists all problems.
        """
        mapping = _read_toml(Path(path))
        return cls.from_mapping(mapping, where=str(path), plain_http_hosts=plain_http_hosts)

    @classmethod
    def from_mapping(
        cls,
        mapping: Mapping[str, Any],
        *,
        where: str = "dataflow",
        plain_http_hosts: Iterable[str] = (),
    ) -> Self:
        """Make a dataflow from a mapping with the file's structure; dates may be ISO texts.

        Args:
            mapping: the parsed file, or the result of :meth:`to_mapping`.
            where: the name used in errors, usually the file's.
            plain_http_hosts: exact names of hosts beyond this machine to which the credential may
                go by plain http, such as a mock in another container.

        Raises:
            DataflowError: the mapping is invalid; lists all problems.
        """
        hosts = frozenset(host.lower() for host in plain_http_hosts)
        try:
            raw = _with_iso_dates(mapping)
            violations: list[object] = [*violations_of(raw, hosts)]
        except RecursionError:
            raise DataflowError(where, ["nested too deeply"]) from None
        if violations:
            raise DataflowError(where, violations)
        return cls(
            name=raw["name"],
            url=raw["url"],
            username=raw["username"],
            attributes=_attributes(raw.get("attributes", ())),
            identities=tuple(IdentityMapping(i["source"], i["target"]) for i in raw["identities"]),
            audiences=tuple(map(_audience, raw.get("audiences", ()))),
            description=raw.get("description", ""),
            consent=ConsentRules.from_mapping(raw.get("consent", {})),
            identity_map_keys=raw.get("identity_map_keys", "source"),
            when_to_activate=WhenToActivate(**raw.get("activation", {})),
            plain_http_hosts=hosts,
        )

    def to_mapping(self) -> dict[str, Any]:
        """Return the dataflow as a JSON object; :meth:`from_mapping` makes an equal one from it."""
        mapping: dict[str, Any] = {"name": self.name, "url": self.url, "username": self.username}
        if self.description:
            mapping["description"] = self.description
        if self.identity_map_keys != "source":
            mapping["identity_map_keys"] = self.identity_map_keys
        if activation := self.when_to_activate.to_mapping():
            mapping["activation"] = activation
        for table, entries in (("attributes", self.attributes), ("identities", self.identities)):
            mapping[table] = [{"source": e.source, "target": e.target} for e in entries]
        mapping["audiences"] = [_audience_mapping(audience) for audience in self.audiences]
        if consent := self.consent.to_mapping():
            mapping["consent"] = consent
        return mapping

    def with_url(self, url: str) -> Self:
        """Return the same dataflow with another trigger URL.

        Raises:
            DataflowError: the URL is not a trigger URL.
        """
        return self._checked(dataclasses.replace(self, url=url))

    def with_username(self, username: str) -> Self:
        """Return the same dataflow for another user.

        Raises:
            DataflowError: HTTP Basic cannot carry that username.
        """
        return self._checked(dataclasses.replace(self, username=username))

    def allowing_plain_http(self, hosts: Iterable[str]) -> Self:
        """Return the same dataflow with other hosts to which plain http is allowed."""
        return dataclasses.replace(self, plain_http_hosts=frozenset(map(str.lower, hosts)))

    def warnings(self) -> list[str]:
        """Return a sentence for each thing that is allowed but looks like a mistake."""
        return [
            *self._unusual_targets(),
            *self._unusual_identities(),
            *self._absences(),
            *self._beyond_guardrails(),
        ]

    def _checked(self, changed: Self) -> Self:
        hosts = self.plain_http_hosts
        return type(self).from_mapping(
            changed.to_mapping(), where=self.name, plain_http_hosts=hosts
        )

    def _unusual_targets(self) -> Iterable[str]:
        for mapping in self.attributes:
            if not all(map(_CAMEL_CASE.fullmatch, mapping.target_path)):
                yield f"attribute target {mapping.target!r} is not camelCase"

    def _unusual_identities(self) -> Iterable[str]:
        for mapping in self.identities:
            if mapping.target == "email" and _HASHED_NAMESPACE.search(mapping.source):
                yield (
                    f"identity source {mapping.source!r} looks hashed: hashed e-mails are excluded"
                )

    def _absences(self) -> Iterable[str]:
        if not self.attributes:
            yield "no attribute is mapped: messages carry identities and audiences only"
        if not self.audiences:
            yield "no audience is mapped: every profile with a mapped identity is exported"

    def _beyond_guardrails(self) -> Iterable[str]:
        for what, count, most in (
            ("attributes are mapped", len(self.attributes), MOST_ATTRIBUTES),
            ("audiences are mapped", len(self.audiences), MOST_AUDIENCES),
        ):
            if count > most:
                yield f"{count} {what}: Adobe's guardrail is {most}, which is soft (A-MAP-3)"


def _read_toml(path: Path) -> dict[str, Any]:
    try:
        text = path.read_bytes().decode("utf-8-sig")
        return parse_toml(text)
    except OSError as error:
        problem = f"cannot be read: {error.strerror or 'an unreadable file'}"
    except UnicodeDecodeError as error:
        problem = f"no text in UTF-8: byte {error.start} is invalid"
    except ValueError as error:
        problem = f"no TOML: {error}"
    raise DataflowError(str(path), [problem])


def _with_iso_dates(value: Any) -> Any:  # noqa: ANN401  raw input has any type
    if isinstance(value, Mapping):
        return {key: _with_iso_dates(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_with_iso_dates(inner) for inner in value]
    return value.isoformat() if isinstance(value, dt.date | dt.time) else value


def _attributes(entries: Iterable[Mapping[str, str]]) -> tuple[AttributeMapping, ...]:
    return tuple(AttributeMapping(entry["source"], entry["target"]) for entry in entries)


def _audience(entry: Mapping[str, str]) -> AudienceActivation:
    dates = (entry.get("start_date"), entry.get("end_date"))
    start, end = (None if text is None else dt.date.fromisoformat(text) for text in dates)
    return AudienceActivation(entry["id"], start, end)


def _audience_mapping(audience: AudienceActivation) -> dict[str, str]:
    mapping = {"id": audience.id}
    if audience.start_date is not None:
        mapping["start_date"] = audience.start_date.isoformat()
    if audience.end_date is not None:
        mapping["end_date"] = audience.end_date.isoformat()
    return mapping

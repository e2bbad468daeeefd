"""A dataflow: destination, mapping and audiences, as one frozen value.

Read from a TOML file or a mapping, and validated completely before anything is sent. Holds no API
token: that comes from the environment, so it cannot end up in a file or an outbox.
"""

import dataclasses
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, Self

from sender.dataflow.checks import violations_of
from sender.dataflow.consent_rules import ConsentRules
from sender.dataflow.document import read_toml, with_iso_dates
from sender.dataflow.entries import (
    AttributeMapping,
    AudienceActivation,
    IdentityMapping,
    WhenToActivate,
)
from sender.dataflow.mapping_warnings import mapping_warnings
from sender.dataflow.trigger_url import url_host
from sender.errors import DataflowError


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
        mapping = read_toml(Path(path))
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
            raw = with_iso_dates(mapping)
            violations: list[object] = [*violations_of(raw, hosts)]
        except RecursionError:
            raise DataflowError(where, ["nested too deeply"]) from None
        if violations:
            raise DataflowError(where, violations)
        return cls(
            name=raw["name"],
            url=raw["url"],
            username=raw["username"],
            attributes=tuple(
                AttributeMapping(a["source"], a["target"]) for a in raw.get("attributes", ())
            ),
            identities=tuple(IdentityMapping(i["source"], i["target"]) for i in raw["identities"]),
            audiences=tuple(map(AudienceActivation.from_mapping, raw.get("audiences", ()))),
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
        mapping["audiences"] = [audience.to_mapping() for audience in self.audiences]
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
        return mapping_warnings(self.attributes, self.identities, self.audiences)

    def _checked(self, changed: Self) -> Self:
        hosts = self.plain_http_hosts
        return type(self).from_mapping(
            changed.to_mapping(), where=self.name, plain_http_hosts=hosts
        )

"""A scenario: what a connector is given, what goes wrong, and what the journal must show.

Read from a TOML file, which the schema ``scenario`` judges. Pure.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from contracts.documents import parse_toml
from contracts.errors import ScenarioError

TIMEOUT_SECONDS: Final = 30.0
MAPPING: Final = "mapping"
"""The claim of a connector that makes messages from profiles."""

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Bounds:
    """How many there may be; None is no bound."""

    least: int | None = None
    most: int | None = None


@dataclass(frozen=True, slots=True)
class Expectations:
    """What must be seen; each has one check in ``checks/``.

    Attributes:
        delivered: ``all``, ``none``, ``any``, or the identities of the messages that start a run.
        duplicates: ``none``, or ``allowed`` where an answer is lost.
        exit: how the command ends: ``success``, ``failure``, ``as-delivered`` or ``any``.
        calls: how many calls there are in all.
        calls_each: how many calls there are of each message.
        calls_after_refusal: how many calls may begin after the first refusal.
        gap_seconds: how long after a refused call of a message its next one comes, at least.
        median_gap_seconds: the same, of the median of these waits.
        trace_ids: ``one-a-message``, or ``any``.
    """

    delivered: str | tuple[str, ...] = "all"
    duplicates: str = "none"
    exit: str = "success"
    calls: Bounds = Bounds()
    calls_each: Bounds = Bounds()
    calls_after_refusal: int | None = None
    gap_seconds: float | None = None
    median_gap_seconds: float | None = None
    trace_ids: str = "any"


@dataclass(frozen=True, slots=True)
class Event:
    """What happens while the connector runs: `action`, once `count` of the totals is `reached`."""

    count: str
    reached: int
    action: str


@dataclass(frozen=True, slots=True)
class Scenario:
    """One scenario; the schema ``scenario`` describes each part."""

    name: str
    purpose: str
    facts: tuple[str, ...]
    allows: str = ""
    advice: str = ""
    needs: frozenset[str] = frozenset()
    timeout_seconds: float = TIMEOUT_SECONDS
    tenant: Json = field(default_factory=dict)
    workflow: Json = field(default_factory=dict)
    faults: tuple[Json, ...] = ()
    url: str = "trigger"
    token: str = "right"  # noqa: S105  which one
    sample_count: int = 0
    message_bytes: int | None = None
    padded_count: int | None = None
    profiles: tuple[Json, ...] = ()
    dataflow: str = "standard"
    during: tuple[Event, ...] = ()
    expect: Expectations = Expectations()
    document: Json = field(default_factory=dict, repr=False, compare=False)  # as it was read

    @property
    def gives_messages(self) -> bool:
        """Whether the connector gets the messages; where its mapping is tried it makes them."""
        return MAPPING not in self.needs

    @property
    def has_wrong_token(self) -> bool:
        """Whether the connector gets a token that the tenant does not know."""
        return self.token == "wrong"  # noqa: S105  as above


def read_scenario(name: str, text: str) -> Scenario:
    """Return the scenario of a TOML text.

    Raises:
        ScenarioError: the text is not TOML, or not valid under the schema ``scenario``.
    """
    try:
        document = parse_toml(text)
    except ValueError as error:
        raise ScenarioError(name, f"is no TOML: {error}") from None
    return scenario_of(name, document)


def scenario_of(name: str, document: Any) -> Scenario:  # noqa: ANN401  any JSON value
    """Return the scenario of a parsed file.

    Raises:
        ScenarioError: the document is not valid under the schema ``scenario``.
    """
    from contracts.validation import validate  # noqa: PLC0415  --help needs no schema

    if violations := validate(document, "scenario"):
        raise ScenarioError(name, "; ".join(map(str, violations)))
    return _scenario(name, document)


def _scenario(name: str, document: Json) -> Scenario:
    call, sample = document.get("call", {}), document.get("sample", {})
    return Scenario(
        name=name,
        purpose=document["purpose"],
        facts=tuple(document["facts"]),
        allows=document.get("allows", ""),
        advice=document.get("advice", ""),
        needs=frozenset(document.get("needs", ())),
        timeout_seconds=document.get("timeout_seconds", TIMEOUT_SECONDS),
        tenant=document.get("tenant", {}),
        workflow=document.get("workflow", {}),
        faults=tuple(document.get("faults", ())),
        url=call.get("url", "trigger"),
        token=call.get("token", "right"),
        sample_count=sample.get("count", 0),
        message_bytes=sample.get("message_bytes"),
        padded_count=sample.get("padded"),
        profiles=tuple(document.get("profiles", ())),
        dataflow=document.get("dataflow", "standard"),
        during=tuple(map(_event, document.get("during", ()))),
        expect=_expectations(document.get("expect", {})),
        document=document,
    )


def _event(document: Json) -> Event:
    ((count, reached),) = document["after"].items()
    return Event(count, reached, document["do"])


def _expectations(document: Json) -> Expectations:
    given = dict(document)
    for key in ("calls", "calls_each"):
        given[key] = Bounds(**given.get(key, {}))
    if isinstance(given.get("delivered"), list):
        given["delivered"] = tuple(given["delivered"])
    return Expectations(**given)

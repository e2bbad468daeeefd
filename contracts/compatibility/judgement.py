"""Judges what workflows read against the messages that a dataflow makes. Pure.

Without profiles the messages are all that the dataflow can make. With profiles they are those that
these profiles can make, whatever was exported before.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from contracts.compatibility.certainty import (
    ALWAYS,
    NEVER,
    SOMETIMES,
    Certainty,
    over_all,
)
from contracts.compatibility.conditions import (
    Predicate,
    holding,
    predicate_holding,
    predicates,
)
from contracts.compatibility.findings import Finding, Kind, Severity
from contracts.compatibility.messages.mapped_dataflow import MappedDataflow
from contracts.compatibility.messages.message_shape import message_shape
from contracts.compatibility.messages.profile_values import attribute_at
from contracts.compatibility.messages.row_shape import row_shape
from contracts.compatibility.paths.selection import selected
from contracts.compatibility.reasons import ends_of, why_not_always
from contracts.compatibility.shape import Array, Object, Shape, Why
from contracts.compatibility.workflow_reads import WorkflowReads

Judge = Callable[[Shape], Certainty]
Explain = Callable[[Shape], Why]

_OF_THE_MAPPING: Final = ("unmapped", "identity-key", "conditions", "status-value")
_UNKNOWN_FIELD: Final = "the workflow has no field {name}"


@dataclass(slots=True)
class _Tally:
    """What was found of one thing over all messages.

    Attributes:
        judge: how certain it is of a message's shape.
        explain: why it is not always so.
        first: the first message of which it is not, and why.
    """

    judge: Judge
    explain: Explain
    seen: set[Certainty] = field(default_factory=set)
    always: int = 0
    count: int = 0
    first: tuple[str, Why] | None = None

    def add(self, label: str, message: Shape) -> Certainty:
        """Judge one more kind of message; return what holds of it."""
        certainty = self.judge(message)
        self.seen.add(certainty)
        self.count += 1
        self.always += certainty is ALWAYS
        if self.first is None and certainty is not ALWAYS:
            self.first = label, self.explain(message)
        return certainty

    @property
    def verdict(self) -> Certainty:
        """What holds over all messages."""
        return over_all(self.seen)

    @property
    def why(self) -> Why | None:
        """Why it is not always so; of rows with how many and the first."""
        if self.first is None:
            return None
        label, why = self.first
        if not label or why.code in _OF_THE_MAPPING:
            return why
        amount = "none" if self.verdict is NEVER else str(self.always)
        return Why(why.code, f"for certain in {amount} of {self.count} rows; {label}: {why.text}")


class Judgement:
    """Judges one workflow; :meth:`add` every kind of message first.

    Args:
        flow: the dataflow's mapping.
        reads: what the workflow reads.
    """

    def __init__(self, flow: MappedDataflow, reads: WorkflowReads) -> None:
        self._flow = flow
        self._reads = reads
        paths = [*reads.fields.values(), *(p.path for p in predicates(reads.conditions))]
        self._fed = {path: self._feeding(path) for path in paths}
        self._holds = {
            repr(p): _Tally(_holding_of(p), _why_it_fails(p)) for p in predicates(reads.conditions)
        }
        never = Why("conditions", "no message meets the conditions, so that no task ever runs")
        self._whole = _Tally(lambda event: holding(reads.conditions, event), lambda _: never)
        self._ends: dict[str, Shape] = {}

    def _feeding(self, path: str) -> _Tally:
        return _Tally(
            lambda message: selected(path, message),
            lambda message: why_not_always(path, message, self._flow),
        )

    def add(self, label: str, message: Shape) -> None:
        """Take one kind of message into account.

        Args:
            label: where its profile stands; empty for all that the dataflow can make.
            message: its shape.
        """
        for tally in (*self._holds.values(), self._whole):
            tally.add(label, message)
        for path, tally in self._fed.items():
            if tally.add(label, message) is not NEVER and path not in self._ends:
                for place in ends_of(path, message)[:1]:
                    self._ends[path] = place.shape

    def findings(self) -> Iterator[Finding]:
        """Yield a finding for each field, condition and piped setting, in the file's order."""
        for name, path in self._reads.fields.items():
            yield self._field(name, path)
        for predicate in predicates(self._reads.conditions):
            yield self._condition(predicate)
        if self._reads.conditions and self._whole.verdict is NEVER:
            why = self._whole.why
            yield Finding(
                self._reads.name, Kind.CONDITION, "all", None, NEVER, why, Severity.FAILURE,
                holds=NEVER,
            )  # fmt: skip
        yield from self._settings()

    def _field(self, name: str, path: str) -> Finding:
        tally = self._fed[path]
        needed = name in self._reads.needed()
        severity = self._severity(tally.verdict, path)
        if severity is Severity.FAILURE and not needed:
            severity = Severity.WARNING
        finding = Finding(
            self._reads.name, Kind.FIELD, name, path, tally.verdict, tally.why, severity
        )
        return replace(finding, notes=(*self._notes(path), *self._guard(tally.verdict, path)))

    def _condition(self, predicate: Predicate) -> Finding:
        fed, holds = self._fed[predicate.path], self._holds[repr(predicate)]
        why = fed.why if fed.verdict is not ALWAYS else None
        if holds.verdict is NEVER and fed.verdict is not NEVER:
            why = holds.why
        return Finding(
            self._reads.name,
            Kind.CONDITION,
            predicate.operator,
            predicate.path,
            fed.verdict,
            why,
            self._severity_of(predicate, fed.verdict, holds.verdict),
            holds=holds.verdict,
            notes=self._other_keys(predicate.path),
        )

    def _severity_of(self, predicate: Predicate, fed: Certainty, holds: Certainty) -> Severity:
        if predicate.wants_absence:
            stops_all = holds is NEVER and self._whole.verdict is NEVER
            return Severity.FAILURE if stops_all else Severity.of(holds | SOMETIMES)
        if fed is NEVER and not predicate.needs_a_value:
            return Severity.FAILURE
        if NEVER in (fed, holds):
            stops_all = self._whole.verdict is NEVER
            return Severity.FAILURE if stops_all else Severity.WARNING
        return Severity.of(fed)

    def _settings(self) -> Iterator[Finding]:
        for pipe in self._reads.pipes:
            where = f"{pipe.task}.{pipe.place}"
            path = self._reads.fields.get(pipe.field)
            if path is None:
                why = Why("no-field", _UNKNOWN_FIELD.format(name=pipe.field))
                finding = Finding(
                    self._reads.name, Kind.SETTING, where, None, NEVER, why, Severity.FAILURE
                )
            else:
                finding = self._piped(where, path)
            yield replace(finding, field=pipe.field)
        for pipe in self._reads.forgotten:
            meant = "~" + pipe.field.removeprefix("$")
            why = Why(
                "literal", f"{pipe.field} goes out as it is; {meant} pipes the field (Q-BODY-3)"
            )
            where = f"{pipe.task}.{pipe.place}"
            yield Finding(self._reads.name, Kind.SETTING, where, None, NEVER, why, Severity.WARNING)

    def _piped(self, where: str, path: str) -> Finding:
        tally = self._fed[path]
        severity = self._severity(tally.verdict, path)
        notes = (*self._notes(path), *self._guard(tally.verdict, path))
        return Finding(
            self._reads.name, Kind.SETTING, where, path, tally.verdict, tally.why, severity,
            notes=notes,
        )  # fmt: skip

    def _severity(self, verdict: Certainty, path: str) -> Severity:
        return Severity.NONE if self._guard(verdict, path) else Severity.of(verdict)

    def _guard(self, verdict: Certainty, path: str) -> tuple[str, ...]:
        is_guarded = verdict is SOMETIMES and path in self._reads.guarded()
        return ("the conditions let only messages through that have it",) if is_guarded else ()

    def _notes(self, path: str) -> tuple[str, ...]:
        shape = self._ends.get(path)
        if not isinstance(shape, Object | Array):
            return self._other_keys(path)
        kind = "a list" if isinstance(shape, Array) else "an object"
        return (f"its value is {kind}, which a pipe writes as JSON", *self._other_keys(path))

    def _other_keys(self, path: str) -> tuple[str, ...]:
        """Say where the other setting of the identity map's keys has another verdict (A-MSG-1)."""
        other = replace(self._flow, by_target=not self._flow.by_target)
        verdict = selected(path, message_shape(other))
        if verdict is selected(path, message_shape(self._flow)):
            return ()
        keys = "target" if other.by_target else "source"
        return (f'with identity_map_keys = "{keys}": {verdict} (A-MSG-1 leaves the keys open)',)


def judge(
    flow: MappedDataflow,
    workflows: Iterable[Mapping[str, Any]],
    rows: Iterable[tuple[str, Mapping[str, Any]]] | None = None,
) -> tuple[list[Finding], int]:
    """Judge all workflows of a valid file.

    Args:
        flow: the dataflow's mapping.
        workflows: their tables in the file.
        rows: profiles, each with where it stands; None: none are known.

    Returns:
        The findings, and how many of the rows make a message.
    """
    judgements = [Judgement(flow, WorkflowReads.from_mapping(table)) for table in workflows]
    broken: dict[str, Finding] = {}
    count = 0
    for label, message, profile in _messages(flow, rows):
        count += 1
        for one in judgements:
            one.add(label, message)
        for finding in _broken_words(flow, label, profile):
            broken.setdefault(finding.name, finding)
    found = [finding for one in judgements for finding in one.findings()] if count else []
    return [*found, *broken.values()], count


def _messages(
    flow: MappedDataflow, rows: Iterable[tuple[str, Mapping[str, Any]]] | None
) -> Iterator[tuple[str, Shape, Mapping[str, Any] | None]]:
    if rows is None:
        yield "", message_shape(flow), None
        return
    for label, profile in rows:
        shape = row_shape(flow, profile)
        if shape is not None:
            yield label, shape, profile


def _broken_words(
    flow: MappedDataflow, label: str, profile: Mapping[str, Any] | None
) -> Iterator[Finding]:
    """Yield what the dataflow says is always present, and a profile lacks."""
    for mapping in flow.attributes if profile is not None else ():
        found = attribute_at(profile or {}, mapping.source)
        if mapping.always_present and found.value is None:
            why = Why(found.code, f"{label}: it {found.text}")
            yield Finding(
                "(dataflow)",
                Kind.DECLARATION,
                f"always_present of {mapping.source}",
                None,
                SOMETIMES,
                why,
                Severity.WARNING,
            )


def _holding_of(predicate: Predicate) -> Judge:
    return lambda message: predicate_holding(predicate, message)


def _why_it_fails(predicate: Predicate) -> Explain:
    def explain(message: Shape) -> Why:
        places = ends_of(predicate.path, message)
        if predicate.wants_absence:
            return Why("always-there", f"{predicate.path} is in every message")
        operator = predicate.operator.replace("_", " ")
        known = [place for place in places if getattr(place.shape, "values", None)]
        if known and len(known) == len(places) and str(known[0]).endswith(".status"):
            return Why("status-value", f"{known[0]} is realized or exited (A-MSG-2)")
        where = str(places[0]) if places else predicate.path
        return Why("wrong-type", f"{where} never {operator} {predicate.operand!r}")

    return explain

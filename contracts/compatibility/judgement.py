"""Judges what one workflow reads against the messages that a dataflow makes. Pure."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from contracts.compatibility.certainty import NEVER, SOMETIMES, Certainty
from contracts.compatibility.conditions import Predicate, holding, predicates
from contracts.compatibility.findings import Finding, Kind, Severity
from contracts.compatibility.json_values import canonical_text
from contracts.compatibility.messages.mapped_dataflow import MappedDataflow
from contracts.compatibility.messages.message_shape import message_shape
from contracts.compatibility.paths.equal_paths import canonical
from contracts.compatibility.paths.selection import selected
from contracts.compatibility.reasons import ends_of, why_not_always
from contracts.compatibility.shape import Array, Object, Shape, Why
from contracts.compatibility.tally import Tally, tally_of
from contracts.compatibility.workflow_reads import WorkflowReads

_UNKNOWN_FIELD: Final = "the workflow has no field {name}"


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
        self._holds = {canonical_text(p): tally_of(p) for p in predicates(reads.conditions)}
        never = Why("conditions", "no message meets the conditions, so that no task ever runs")
        self._whole = Tally(lambda event: holding(reads.conditions, event), lambda _: never)
        self._ends: dict[str, Shape] = {}

    def _feeding(self, path: str) -> Tally:
        return Tally(
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
        fed, holds = self._fed[predicate.path], self._holds[canonical_text(predicate)]
        why = fed.why
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
        is_guarded = verdict is SOMETIMES and canonical(path) in self._reads.guarded()
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
        told = f'with identity_map_keys = "{keys}" it is {verdict} fed'
        return (f"{told}: nobody documents which keys Adobe writes (A-MSG-1)",)

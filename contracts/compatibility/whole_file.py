"""Judges all workflows of a file against the messages that a dataflow makes. Pure.

Without profiles the messages are all that the dataflow can make. With profiles they are those that
these profiles can make, whatever was exported before.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from contracts.compatibility.certainty import SOMETIMES
from contracts.compatibility.findings import Finding, Kind, Severity
from contracts.compatibility.judgement import Judgement
from contracts.compatibility.messages.mapped_dataflow import MappedDataflow
from contracts.compatibility.messages.message_shape import message_shape
from contracts.compatibility.messages.profile_values import attribute_at
from contracts.compatibility.messages.row_shape import row_shape
from contracts.compatibility.shape import Shape, Why
from contracts.compatibility.workflow_reads import WorkflowReads


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

"""A run as Markdown, for the summary of a CI job or a comment on a change.

It is the dialect of GitHub, which GitLab and Azure read too. Every text of somebody else is
escaped: it can neither break the table nor become a link, an image, a formula or HTML.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Final

from contracts.reports.run_report import (
    RunReport,
    label,
    needs_a_look,
    outcome_with_reason,
    replay_line,
)
from contracts.reports.texts import on_one_line
from contracts.verdicts import Verdict

MOST_BYTES: Final = 1_000_000
"""GitHub refuses a step's summary above 1 MiB."""

_ROOM_FOR_NOTE: Final = 100  # bytes

_ACTIVE: Final = re.compile(r"([\\`*_\[\]|~$]|:(?=//)|(?<=^www)\.|(?<=\Wwww)\.)")
# What begins a list, a heading or a line when a text begins with it.
_AT_START: Final = re.compile(r"^((?=[-+#=])|\d{1,9}(?=[.)]))")
_ENTITIES: Final = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})


def markdown(report: RunReport, most_bytes: int = MOST_BYTES) -> str:
    """Return the run as Markdown: its score, what needs a look, then a table of all cases.

    Args:
        report: the run.
        most_bytes: how long it may be, in UTF-8. What does not fit is left out, and said.
    """
    parts = ["".join(f"{line}\n" for line in _head(report))]
    room = most_bytes - _ROOM_FOR_NOTE - _bytes(parts[0])
    details = map(_details, filter(needs_a_look, report.cases))
    blocks = [block for block in (*details, _table(report.cases)) if block]
    for block in blocks:
        if _bytes(block) <= room:
            parts.append(block)
            room -= _bytes(block)
    if len(parts) <= len(blocks):
        parts.append("\nThe rest is left out: this report would be too large.\n")
    return "".join(parts)


def _bytes(text: str) -> int:
    return len(text.encode())


def escaped(text: str) -> str:
    r"""Return a text that Markdown shows as it is, on one line.

    Example:
        >>> escaped("a|b <i>")
        'a\\|b &lt;i&gt;'
    """
    plain = on_one_line(text).translate(_ENTITIES)
    return _AT_START.sub(r"\1\\", _ACTIVE.sub(r"\\\1", plain))


def _head(report: RunReport) -> Iterator[str]:
    yield f"## {escaped(report.title)}: {report.score}"
    yield ""
    if report.subject:
        yield f"Judged: {escaped(report.subject)}"
        yield ""
    if report.trouble is not None:
        yield f"**{escaped('; '.join(report.trouble.reasons))}**"
        yield ""
    if report.left_out:
        yield f"{report.left_out:,} more cases are not listed."
        yield ""


def _details(case: Verdict) -> str:
    lines = [f"### {escaped(case.name)}: {escaped(label(case))}", ""]
    if case.purpose:
        lines += [escaped(case.purpose), ""]
    lines += [f"- {escaped(reason)}" for reason in case.reasons]
    if case.facts:
        lines += [f"- Facts: {escaped(', '.join(case.facts))}"]
    if case.folder is not None:
        lines += [f"- To replay it: {escaped(replay_line(case.folder))}"]
    return "\n".join([*lines, "", ""])


def _table(cases: Iterable[Verdict]) -> str:
    rows = [
        f"| {escaped(case.name)} | {escaped(outcome_with_reason(case))} | {case.seconds:.2f} "
        f"| {escaped(', '.join(case.facts))} |"
        for case in cases
    ]
    if not rows:
        return ""
    return "\n".join(["| Case | Outcome | Seconds | Facts |", "|---|---|--:|---|", *rows, ""])

"""A run as Markdown, for the summary of a CI job or a comment on a change.

It is the dialect of GitHub, which GitLab and Azure read too. Every text of somebody else is
escaped: it can neither break the table nor become a link, an image, a formula, a mention or HTML.

Code are paths, JSONPaths, curl lines, and words that a code host would make a mention or a link of:
``@team`` tells a whole team, ``#12`` stands in the history of another change, and even a masked
address has an ``@``. No host looks into code for these; an escape does not keep them from it.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from contracts.reports.run_report import (
    RunReport,
    label,
    needs_a_look,
    outcome_with_reason,
    purpose_beside_reasons,
    replay_line,
)
from contracts.reports.texts import on_one_line
from contracts.verdicts import Verdict

MOST_BYTES: Final = 1_000_000
"""GitHub refuses a step's summary above 1 MiB."""

_ROOM_FOR_NOTE: Final = 100  # bytes

_ACTIVE: Final = re.compile(r"([\\`*_\[\]|~$]|:(?=//)|(?<=^www)\.|(?<=[\W_]www)\.)")
# What begins a list, a heading or a line when a text begins with it.
_AT_START: Final = re.compile(r"^((?=[-+#=])|\d{1,9}(?=[.)]))")
_ENTITIES: Final = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})

_COMMAND: Final = re.compile(r"(?:^|(?<=: ))(?:cd \S.* && )?curl -.+", re.DOTALL)
_PIECES: Final = re.compile(
    r"""(?P<json_path>\$(?:\.{1,2}[\w*-]+|\[(?:'[^']*'|"[^"]*"|[^\]'"])*\])+)"""
    r"""|(?P<quoted_path>(?<!\S)'[^\s'][^']*/[^']*'|(?<!\S)'/[^']*')"""
    r"""|(?P<word>[^\s("'][^\s]*)"""
)
_BEHIND_A_WORD: Final = re.compile(r"""[.,;:!?)"']+$""")
_IS_CODE: Final = re.compile(r"@|[#!]\d|\bGH-\d|\w/|/\w|[A-Za-z]\.[A-Za-z*]")
_FENCES: Final = re.compile("`+")


def markdown(report: RunReport, most_bytes: int = MOST_BYTES) -> str:
    """Return the run as Markdown: its score, what needs a look, then a table of all cases.

    Args:
        report: the run.
        most_bytes: how long it may be, in UTF-8. What does not fit is left out, and said.
    """
    parts = ["".join(f"{line}\n" for line in _head(report))]
    room = most_bytes - _ROOM_FOR_NOTE - _bytes(parts[0])
    for block in _blocks(report):
        if _bytes(block) > room:
            parts.append("\nThe rest is left out: this report would be too large.\n")
            break
        parts.append(block)
        room -= _bytes(block)
    return "".join(parts)


def _blocks(report: RunReport) -> Iterator[str]:
    """Yield what follows the head; each is made when it is asked for, as there may be too many."""
    yield from map(_details, filter(needs_a_look, report.cases))
    yield _table(report.cases)


def _bytes(text: str) -> int:
    return len(text.encode())


def code(text: str, *, in_table: bool = False) -> str:
    """Return a text as code, on one line.

    Example:
        >>> code("a`b")
        '``a`b``'
    """
    plain = on_one_line(text)
    fence = "`" * (max(map(len, _FENCES.findall(plain)), default=0) + 1)
    space = " " if plain.startswith("`") or plain.endswith("`") else ""
    shown = f"{fence}{space}{plain}{space}{fence}"
    return shown.replace("|", "\\|") if in_table else shown


def with_code(text: str, *, in_table: bool = False) -> str:
    r"""Return a text that is shown as it is, on one line, its paths and mentions as code.

    Example:
        >>> with_code("a|b in kept/happy-path, for @team.")
        'a\\|b in `kept/happy-path`, for `@team`.'
    """
    plain = on_one_line(text)
    parts, end = [], 0
    for start, stop in _code_in(plain):
        parts += [_escaped(plain[end:start]), code(plain[start:stop], in_table=in_table)]
        end = stop
    return _AT_START.sub(r"\1\\", "".join([*parts, _escaped(plain[end:])]))


def _code_in(plain: str) -> list[tuple[int, int]]:
    """Return where code begins and ends in a text; pieces that touch are one."""
    found: list[tuple[int, int]] = []
    for piece in _PIECES.finditer(plain):
        text = _BEHIND_A_WORD.sub("", piece[0]) if piece["word"] else piece[0]
        if piece["word"] and not _IS_CODE.search(text):
            continue
        start, stop = piece.start(), piece.start() + len(text)
        if found and found[-1][1] == start:
            start = found.pop()[0]
        found.append((start, stop))
    return found


def text_and_command(text: str) -> tuple[str, str]:
    """Return what stands before a curl line, and the curl line; empty when there is none.

    Example:
        >>> text_and_command("its last call: curl -sS $URL")
        ('its last call:', 'curl -sS $URL')
    """
    found = _COMMAND.search(text)
    if found is None or "\n" in found[0]:
        return text, ""
    return text[: found.start()].rstrip(), found[0]


def _escaped(text: str) -> str:
    return _ACTIVE.sub(r"\\\1", text.translate(_ENTITIES))


def _head(report: RunReport) -> Iterator[str]:
    yield f"## {with_code(report.title)}: {report.score}"
    yield ""
    if report.subject:
        yield f"Judged: {code(report.subject)}"
        yield ""
    if report.trouble is not None:
        yield f"**{with_code('; '.join(report.trouble.reasons))}**"
        yield ""
    if report.unlisted:
        yield report.unlisted
        yield ""


def _details(case: Verdict) -> str:
    lines = [f"### {with_code(case.name)}: {label(case)}", ""]
    if purpose := purpose_beside_reasons(case):
        lines += [with_code(purpose), ""]
    for reason in case.sentences:
        lines += _item(*text_and_command(reason))
    if case.facts:
        lines += _item(f"Facts: {', '.join(case.facts)}")
    if case.folder is not None:
        lines += _item("To replay it:", replay_line(case.folder))
    return "\n".join([*lines, "", ""])


def _item(text: str, command: str = "") -> list[str]:
    block = ["  ```sh", f"  {command}", "  ```"] if command else []
    return [f"- {with_code(text)}", *block]


def _table(cases: Sequence[Verdict]) -> str:
    """Return the table of all cases; the column of seconds only where one was timed."""
    if not cases:
        return ""
    is_timed = any(case.seconds for case in cases)
    head = ("| Case | Outcome |", " Seconds |" if is_timed else "", " Facts |")
    rule = ("|---|---|", "--:|" if is_timed else "", "---|")
    return "\n".join(["".join(head), "".join(rule), *(_row(case, is_timed) for case in cases), ""])


def _row(case: Verdict, is_timed: bool) -> str:
    cells = [_cell(case.name), _cell(outcome_with_reason(case))]
    cells += [f"{case.seconds:.2f}"] if is_timed else []
    return f"| {' | '.join([*cells, _cell(', '.join(case.facts))])} |"


def _cell(text: str) -> str:
    return with_code(text, in_table=True)

"""What is wrong in files as SARIF 2.1.0, which code hosts show beside the line.

Built for what code scanning demands beyond the standard: a rule with texts for each result, a path
that is relative and the same in every run, a line, and a fingerprint.
"""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

from contracts import __version__
from contracts.reports.texts import shown

MOST_RESULTS: Final = 5_000
"""As many as code scanning shows of a run."""

_SCHEMA: Final = "https://json.schemastore.org/sarif-2.1.0.json"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong in a file.

    Attributes:
        rule: the id of what was broken, such as a schema's name.
        file: the file as the caller named it; ``-`` is standard input.
        line: the line, counted from 1; None when it has none.
        text: what is wrong, as a sentence.
    """

    rule: str
    file: str
    line: int | None
    text: str


def sarif_json(
    tool: str, rules: dict[str, str], findings: Sequence[Finding], folder: Path
) -> bytes:
    """Return the findings as one run, in UTF-8.

    Args:
        tool: the subcommand, such as ``validate``.
        rules: what each rule demands, by its id.
        findings: in the order of files and lines.
        folder: what relative paths are relative to; files below it get such paths.
    """
    kept = findings[:MOST_RESULTS]
    run = {
        "tool": {"driver": _driver(tool, rules)},
        "invocations": [
            {
                "executionSuccessful": True,
                "toolExecutionNotifications": _left_out(len(findings) - len(kept)),
            }
        ],
        "columnKind": "unicodeCodePoints",
        "results": list(_results(kept, list(rules), folder)),
    }
    document = {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}
    return json.dumps(document, indent=2).encode() + b"\n"


def _driver(tool: str, rules: dict[str, str]) -> dict[str, Any]:
    return {
        "name": f"qualtrics-contracts {tool}",
        "version": __version__,
        "semanticVersion": __version__,
        "rules": [
            {
                "id": rule,
                "shortDescription": {"text": text},
                "fullDescription": {"text": text},
                "help": {"text": text},
                "defaultConfiguration": {"level": "error"},
            }
            for rule, text in rules.items()
        ],
    }


def _left_out(count: int) -> list[dict[str, Any]]:
    if not count:
        return []
    return [{"level": "warning", "message": {"text": f"{count:,} results more are left out."}}]


def _results(
    findings: Iterable[Finding], rules: Sequence[str], folder: Path
) -> Iterable[dict[str, Any]]:
    for finding in findings:
        address = _address(finding.file, folder)
        region = {"startLine": max(1, finding.line or 1)}
        place = {"artifactLocation": {"uri": address}, "region": region}
        text = shown(finding.text)
        yield {
            "ruleId": finding.rule,
            "ruleIndex": rules.index(finding.rule),
            "level": "error",
            "message": {"text": text.replace("](", "\\](")},  # else it would be a link
            "locations": [{"physicalLocation": place}],
            "partialFingerprints": {"violation/v1": _fingerprint(finding.rule, address, text)},
        }


def _address(file: str, folder: Path) -> str:
    """Return a file's relative reference, or ``file:`` and its path when it is elsewhere."""
    if file == "-":
        return "stdin"
    whole = folder / file
    path = whole.parent.resolve() / whole.name
    try:
        relative = path.relative_to(folder.resolve())
    except ValueError:
        return f"file://{quote(shown(path.as_posix()))}"
    return quote(shown(relative.as_posix()))


def _fingerprint(*parts: str) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()

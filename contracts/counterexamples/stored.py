"""A failure in a folder: its scenario with the fewest profiles, and how it was found.

The scenario is stored whole, so that it replays as it was when the suite has changed.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from contracts.conformance.scenario import Scenario, scenario_of
from contracts.errors import CounterexampleError, ScenarioError, UnreadableFileError
from contracts.plain_files import check_plain_file

FILE: Final = "counterexample.json"
FORMAT: Final = 1


@dataclass(frozen=True, slots=True)
class Stored:
    """A stored failure.

    Attributes:
        scenario: with the profiles that it takes to fail, and no others.
        reasons: why the connector failed.
        connector: the command, or ``module:name`` of a function.
        is_function: which of them.
        working_folder: where the connector was run.
        timeout_seconds: how long it may take.
        has_calls: whether the connector made any call.
        messages_before: how many messages there were before the fewest were found.
    """

    scenario: Scenario
    reasons: tuple[str, ...]
    connector: tuple[str, ...]
    is_function: bool
    working_folder: str
    timeout_seconds: float
    has_calls: bool
    messages_before: int


def to_text(stored: Stored) -> str:
    """Return the content of the file."""
    document = {
        "format": FORMAT,
        "name": stored.scenario.name,
        "reasons": list(stored.reasons),
        "connector": list(stored.connector),
        "isFunction": stored.is_function,
        "workingFolder": stored.working_folder,
        "timeoutSeconds": stored.timeout_seconds,
        "hasCalls": stored.has_calls,
        "messagesBefore": stored.messages_before,
        "scenario": document_of(stored.scenario),
    }
    return json.dumps(document, indent=1) + "\n"


def read_stored(folder: Path) -> Stored:
    """Read a stored failure.

    Raises:
        CounterexampleError: the folder has none, or its file is broken.
    """
    file = folder / FILE
    try:
        check_plain_file(str(file))
        document = json.loads(file.read_text("utf-8"))
    except UnreadableFileError as error:
        raise CounterexampleError(str(file), error.reason) from None
    except OSError as error:
        raise CounterexampleError(str(file), error.strerror or str(error)) from None
    except ValueError as error:
        raise CounterexampleError(str(file), f"is no JSON: {error}") from None
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        raise CounterexampleError(str(file), f"expected a counterexample of format {FORMAT}")
    try:
        return _stored(document)
    except ScenarioError as error:
        raise CounterexampleError(str(file), str(error)) from None
    except (KeyError, TypeError, ValueError) as error:
        raise CounterexampleError(str(file), f"{type(error).__name__}: {error}") from None


def _stored(document: Mapping[str, Any]) -> Stored:
    return Stored(
        scenario=scenario_of(str(document["name"]), document["scenario"]),
        reasons=tuple(map(str, document["reasons"])),
        connector=tuple(map(str, document["connector"])),
        is_function=bool(document["isFunction"]),
        working_folder=str(document["workingFolder"]),
        timeout_seconds=float(document["timeoutSeconds"]),
        has_calls=bool(document["hasCalls"]),
        messages_before=int(document["messagesBefore"]),
    )


def document_of(scenario: Scenario) -> dict[str, Any]:
    """Return the document of a scenario: as it was read, with the profiles that it has now."""
    document = {name: part for name, part in scenario.document.items() if name != "sample"}
    document["profiles"] = [dict(profile) for profile in scenario.profiles]
    if isinstance(scenario.document.get("expect", {}).get("delivered"), list):
        left = scenario.expect.delivered
        delivered = left if isinstance(left, str) else list(left)
        document["expect"] = {**document["expect"], "delivered": delivered}
    return document

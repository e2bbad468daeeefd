"""Writes a failure to a folder of its own."""

from pathlib import Path
from typing import Final

from contracts.conformance.messages import line_of
from contracts.conformance.process.kept import CALLS_FILE, calls_text
from contracts.conformance.recording import Recording
from contracts.counterexamples import pytest_text
from contracts.counterexamples.curl_lines import CurlLines
from contracts.counterexamples.stored import FILE, Stored, to_text
from contracts.errors import CounterexampleError

CURL_FILE: Final = "curl.sh"
PROFILES_FILE: Final = "profiles.jsonl"
MESSAGES_FILE: Final = "messages.jsonl"


def store(folder: Path, stored: Stored, recording: Recording, judged: Recording) -> None:
    """Write all files of a failure; what reads them looks for the last one, which makes it whole.

    Args:
        folder: where to.
        stored: the failure.
        recording: its run with the fewest messages.
        judged: the run that the verdict is about; its reasons name requests by their ids.

    Raises:
        CounterexampleError: the folder cannot be written.
    """
    scenario = stored.scenario
    curl_lines = CurlLines(recording, scenario)
    files = {
        PROFILES_FILE: _lines(scenario.profiles),
        MESSAGES_FILE: _lines(recording.messages),
        **curl_lines.bodies(),
        CALLS_FILE: calls_text(judged),
        CURL_FILE: curl_lines.script(str(folder)),
        pytest_text.file_name(stored): pytest_text.text_of(stored),
        FILE: to_text(stored),
    }
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in files.items():
            (folder / name).write_text(text, "utf-8", errors="replace", newline="\n")
    except OSError as error:
        raise CounterexampleError(str(folder), error.strerror or str(error)) from None


def _lines(values: tuple[object, ...]) -> str:
    return "".join(f"{line_of(value)}\n" for value in values)

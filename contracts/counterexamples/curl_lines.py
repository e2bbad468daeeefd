"""The calls that a connector made, as a shell script of curl lines. Pure.

The script is a connector itself: judged in the same scenario, it fails as the connector did. It
names the credential by variables, and never holds one.
"""

import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from contracts.conformance.recording import Call, Recording
from contracts.conformance.scenario import Scenario
from contracts.counterexamples.sent_parts import credentials, never_came, texts_of

MOST_CALLS: Final = 40
_USED_BY_CURL: Final = frozenset(
    {"accept", "authorization", "connection", "content-length", "expect", "host", "user-agent"}
    | {"transfer-encoding", "x-api-token", "accept-encoding", "x-trace-id"}
)
_HEAD: Final = """\
#!/bin/sh
# {name}: {purpose}
# What the connector sent, call by call. It fails as the connector did:
#   qualtrics-contracts replay {folder} -- sh {folder}/curl.sh
# One line alone: mock-qualtrics exec -- sh, then paste it. QUALTRICS_URL, QUALTRICS_USERNAME and
# QUALTRICS_API_TOKEN are those of the mock. It ends with the exit code of the connector.
cd "$(dirname "$0")" || exit 2
"""


@dataclass(frozen=True)
class CurlLines:
    """The calls of a recording as curl lines.

    Attributes:
        recording: what arrived.
        scenario: what the connector was given: its URL and its token.
    """

    recording: Recording
    scenario: Scenario

    def bodies(self) -> dict[str, str]:
        """Return the content of each file that the lines send."""
        return {_file(number): text for number, text in enumerate(self._texts, 1) if text}

    def script(self, folder: str) -> str:
        """Return the script; it ends as the connector did."""
        name, purpose = self.scenario.name, self.scenario.purpose
        head = _HEAD.format(name=name, purpose=purpose, folder=shlex.quote(folder))
        return "\n".join([head, *self._lines(), f"exit {_exit_code(self.recording)}", ""])

    def line(self, number: int) -> str:
        """Return the curl line of a call; the first is number 1."""
        call, text = self.recording.calls[number - 1], self._texts[number - 1]
        words = ["curl -sS -i --max-time 60 -X", shlex.quote(call.method)]
        words += [_address(call, self.scenario), *credentials(call, self.scenario)]
        words += [f"-H {shlex.quote(f'{name}: {value}'.strip())}" for name, value in _headers(call)]
        if text:
            words.append(f"--data-binary @{_file(number)}")
        return " ".join(words)

    @cached_property
    def _texts(self) -> list[str | None]:
        return list(texts_of(self.recording, MOST_CALLS))

    def _lines(self) -> Iterator[str]:
        calls = self.recording.calls
        for number, call in enumerate(calls[:MOST_CALLS], 1):
            yield f"# answered {call.status or 'with no status'}"
            yield from _note(call, self._texts[number - 1])
            yield self.line(number)
            yield "echo"
        if len(calls) > MOST_CALLS:
            yield f"# … and {len(calls) - MOST_CALLS:,} calls more"
        if not calls:
            yield "# the connector made no call"


def _note(call: Call, text: str | None) -> Iterator[str]:
    if never_came(call):
        what = "this may be the message" if text else "no message is as long"
        yield f"# its body never came ({call.headers.get('content-length', '?')} bytes): {what}"


def _address(call: Call, scenario: Scenario) -> str:
    address = '"$QUALTRICS_URL"'
    if not call.is_trigger:
        address = f'"${{QUALTRICS_URL%%/inbound-event*}}"{shlex.quote(call.path)}'
    elif call.reason == "unknown-trigger" and scenario.url != "unknown":  # not the URL as given
        address = '"${QUALTRICS_URL%%\\?*}?"'
    return f'{address}"&token=$QUALTRICS_API_TOKEN"' if "query" in call.token_in else address


def _headers(call: Call) -> Iterator[tuple[str, str]]:
    if (call.text or never_came(call)) and "content-type" not in call.headers:
        yield "Content-Type", ""
    if call.trace_id:
        yield "X-Trace-Id", call.trace_id
    yield from (each for each in call.headers.items() if each[0] not in _USED_BY_CURL)
    yield "Expect", ""


def _file(number: int) -> str:
    return f"call-{number}.body"


def _exit_code(recording: Recording) -> int:
    """Return the connector's exit code; for a signal and for one that was stopped, 1."""
    code = recording.ending.exit_code
    return code if code is not None and code >= 0 else 1

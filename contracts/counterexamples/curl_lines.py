"""The calls that a connector made, as a shell script of curl lines. Pure.

The script is a connector itself: judged in the same scenario, it fails as the connector did. It
names the credential by variables, and never holds one.
"""

import shlex
from collections.abc import Iterator, Sequence
from typing import Final

from contracts.conformance.recording import Call, Recording

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
# QUALTRICS_API_TOKEN are those of the mock.
cd "$(dirname "$0")" || exit 2
"""


def bodies(recording: Recording) -> dict[str, str]:
    """Return the content of each file that the lines send."""
    calls = enumerate(recording.calls[:MOST_CALLS], 1)
    return {_file(number): call.text for number, call in calls if call.text}


def script(recording: Recording, name: str, purpose: str, folder: str) -> str:
    """Return the script; it ends as the connector did."""
    head = _HEAD.format(name=name, purpose=purpose, folder=shlex.quote(folder))
    return "\n".join([head, *_lines(recording.calls), f"exit {_exit_code(recording)}", ""])


def line(number: int, call: Call) -> str:
    """Return the curl line of a call."""
    words = ["curl -sS -i --max-time 60 -X", shlex.quote(call.method), _address(call)]
    words += _credentials(call)
    words += [f"-H {shlex.quote(f'{name}: {value}'.strip())}" for name, value in _headers(call)]
    if call.text:
        words.append(f"--data-binary @{_file(number)}")
    return " ".join(words)


def _lines(calls: Sequence[Call]) -> Iterator[str]:
    for number, call in enumerate(calls[:MOST_CALLS], 1):
        yield f"# answered {call.status or 'with no status'}"
        yield line(number, call)
    if len(calls) > MOST_CALLS:
        yield f"# … and {len(calls) - MOST_CALLS:,} calls more"
    if not calls:
        yield "# the connector made no call"


def _address(call: Call) -> str:
    address = '"$QUALTRICS_URL"'
    if not call.is_trigger:
        address = f'"${{QUALTRICS_URL%%/inbound-event*}}"{shlex.quote(call.path)}'
    return f'{address}"&token=$QUALTRICS_API_TOKEN"' if "query" in call.token_in else address


def _credentials(call: Call) -> Iterator[str]:
    if "basic" in call.token_in:
        yield '-u "$QUALTRICS_USERNAME:$QUALTRICS_API_TOKEN"'
    if "header" in call.token_in:
        yield '-H "X-API-TOKEN: $QUALTRICS_API_TOKEN"'
    if "other-header" in call.token_in:
        yield '-H "X-Copy: $QUALTRICS_API_TOKEN"'
    if not call.token_in & {"basic", "header"} and _has_credential(call):
        yield '-u "$QUALTRICS_USERNAME:$QUALTRICS_API_TOKEN"'  # another one than the tenant's


def _has_credential(call: Call) -> bool:
    return bool(call.headers.keys() & {"authorization", "x-api-token"})


def _headers(call: Call) -> Iterator[tuple[str, str]]:
    if call.text and "content-type" not in call.headers:
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

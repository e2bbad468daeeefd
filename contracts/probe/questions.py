"""The questions to a real account, a few calls each, and the comparison with the ledger's defaults.

The rate limit has its own module, :mod:`contracts.probe.minute`.
"""

import gzip
import itertools
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode, urlsplit, urlunsplit

import requests

from contracts.errors import ProbeError
from contracts.fidelity import Behaviour, Grade, Side, behaviours
from contracts.probe.calls import EVENT, Caller

MOST_CALLS: Final = 30
SIZES_BYTES: Final = (100_000, 102_400, 102_401)
_UNKNOWN: Final = "00000000-0000-4000-8000-000000000000"
_UNKNOWN_OLDER_FORM: Final = urlencode(
    {
        "contextId": f"SV_{'0' * 15}",
        "userId": f"UR_{'0' * 15}",
        "brandId": "unknown",
        "triggerId": f"OC_{'0' * 15}",
    }
)
_WRONG_TOKEN: Final = "0" * 40
_NAMES_THE_WORKFLOW: Final = re.compile(r"((?:urlTokenId|triggerId)=)[^&]*")
_TOO_MANY, _SERVER_ERRORS = 429, 500

Value = bool | int | float | str


@dataclass(frozen=True, slots=True)
class Finding:
    """The result for one behaviour.

    Attributes:
        id: the behaviour's id in the ledger.
        setting: the mock's setting that changes it.
        default: the ledger's assumption.
        observed: what the account does; None if that could not be observed.
        note: why nothing was observed, or a further remark.
    """

    id: str
    setting: str
    default: Value | None
    observed: Value | None
    note: str = ""

    @property
    def differs(self) -> bool:
        """Whether the mock needs another setting to behave like the account."""
        return self.observed is not None and self.observed != self.default


@dataclass(frozen=True, slots=True)
class Question:
    """A question about one behaviour.

    Attributes:
        id: the behaviour's id in the ledger.
        sends: a description of the calls.
        ask: makes the calls; returns what was observed, or why nothing was.
    """

    id: str
    sends: str
    ask: Callable[[Caller], "Observed"]


@dataclass(frozen=True, slots=True)
class Observed:
    """An observed value, or a note on why there is none."""

    value: Value | None = None
    note: str = ""


def _status(answer: requests.Response) -> Observed:
    if answer.status_code == _TOO_MANY or answer.status_code >= _SERVER_ERRORS:
        return Observed(note=f"answered {answer.status_code}: ask again later")
    return Observed(answer.status_code)


def _ask_disabled(caller: Caller) -> Observed:
    if not caller.target.disabled_url:
        return Observed(note="set QUALTRICS_DISABLED_URL to a disabled workflow's trigger URL")
    return _status(caller.post(url=caller.target.disabled_url))


def _ask_encoding(caller: Caller) -> Observed:
    return _status(caller.post(gzip.compress(EVENT), headers={"Content-Encoding": "gzip"}))


def _ask_unknown(caller: Caller) -> Observed:
    return _status(caller.post(url=_NAMES_THE_WORKFLOW.sub(rf"\g<1>{_UNKNOWN}", caller.target.url)))


def _ask_unknown_older_form(caller: Caller) -> Observed:
    parts = urlsplit(caller.target.url)
    return _status(caller.post(url=urlunsplit((*parts[:3], _UNKNOWN_OLDER_FORM, ""))))


def _ask_two_credentials(caller: Caller) -> Observed:
    answer = caller.post(headers={"X-API-TOKEN": _WRONG_TOKEN})
    status = _status(answer)
    return Observed(not answer.ok) if status.value else status


def _ask_missing_type(caller: Caller) -> Observed:
    answer = caller.post(headers={"Content-Type": None})
    status = _status(answer)
    return Observed(answer.ok) if status.value else status


def _sized(size_bytes: int) -> bytes:
    return EVENT[:-2] + b"x" * (size_bytes - len(EVENT)) + EVENT[-2:]


def _first_refused(caller: Caller) -> tuple[int, requests.Response] | None:
    for place, size_bytes in enumerate(SIZES_BYTES):
        answer = caller.post(_sized(size_bytes))
        if not answer.ok:
            return place, answer
    return None


def _ask_size(caller: Caller) -> Observed:
    refused = _first_refused(caller)
    if refused is None:
        return Observed(note=f"{SIZES_BYTES[-1]} bytes were taken: raise limits.payloadBytes")
    place, answer = refused
    if not place:
        return Observed(note=f"{SIZES_BYTES[0]} bytes were refused: lower limits.payloadBytes")
    largest = SIZES_BYTES[place - 1]
    note = "" if place == len(SIZES_BYTES) - 1 else f"also set limits.payloadBytes to {largest}"
    status = _status(answer)
    return Observed(status.value, status.note or note)


QUESTIONS: Final = (
    Question("Q-ENV-2", "an event", lambda caller: _status(caller.post())),
    Question("Q-URL-5", "an event to a URL that names no workflow", _ask_unknown),
    Question("Q-URL-5.older", "the same in the URL's older form", _ask_unknown_older_form),
    Question(
        "Q-LIM-3.status",
        f"events of {', '.join(f'{size:,}' for size in SIZES_BYTES)} bytes",
        _ask_size,
    ),
    Question("Q-LIM-3.encoding", "an event compressed with gzip", _ask_encoding),
    Question(
        "Q-BODY-1.status", "a body that is no JSON", lambda caller: _status(caller.post(b"{"))
    ),
    Question("Q-BODY-1.object", "an empty array", lambda caller: _status(caller.post(b"[]"))),
    Question("Q-URL-1.method", "a PUT", lambda caller: _status(caller.post(method="PUT"))),
    Question("Q-AUTH-1.both", "an event with a second, wrong credential", _ask_two_credentials),
    Question(
        "Q-BODY-1.type",
        "an event as text/xml",
        lambda caller: _status(caller.post(headers={"Content-Type": "text/xml"})),
    ),
    Question("Q-BODY-1.missing", "an event without a Content-Type", _ask_missing_type),
    Question("Q-WF-1.status", "an event to QUALTRICS_DISABLED_URL, if set", _ask_disabled),
)
"""The first is a plain event, which must be accepted; otherwise the other answers mean nothing."""

BY_HAND: Final = {
    "Q-LIM-4.day": "past the day's limit, look from when on runs are executed again",
    "Q-WF-4.retry": "look at a new workflow's settings: are failed tasks retried?",
    "Q-WF-4.each": "look at a run with retries on: which of its tasks were tried again?",
    "Q-WF-7.day": "press Run now past the day's limit: is the run blocked?",
    "Q-WF-7.settings": "edit a live workflow, do not publish, press Run now: does the edit count?",
}


def assumed() -> dict[str, Behaviour]:
    """Return the mock's assumed behaviours by their ids."""
    return {id_: row for id_, row in _of_the_mock().items() if row.grade is Grade.ASSUMED}


def finding(id_: str, observed: Observed) -> Finding:
    """Return an observation together with the ledger's default.

    The row need not be assumed: what others have observed may differ on this account.
    """
    row = _of_the_mock()[id_]
    return Finding(id_, row.setting, row.default, observed.value, observed.note)


def settle(caller: Caller) -> list[Finding]:
    """Ask every question but those about the rate limit; makes at most ``MOST_CALLS`` calls.

    Raises:
        ProbeError: the first, plain event was not accepted, so the other answers would mean
            nothing.
    """
    first, *others = QUESTIONS
    status = first.ask(caller)
    if not isinstance(status.value, int) or not requests.codes.ok <= status.value < 300:  # noqa: PLR2004  HTTP's own class
        raise ProbeError(
            f"a plain event was answered {status.value or status.note}: check QUALTRICS_URL, "
            "QUALTRICS_USERNAME and QUALTRICS_API_TOKEN"
        )
    findings = [finding(first.id, status)]
    findings += [finding(question.id, _observed(question, caller)) for question in others]
    return findings + [finding(id_, Observed(note=note)) for id_, note in BY_HAND.items()]


def proposal(findings: list[Finding]) -> str:
    """Return tenant settings, as JSON, that make the mock behave like the account."""
    changed = sorted((entry.setting, entry.observed) for entry in findings if entry.differs)
    groups = itertools.groupby(changed, key=lambda pair: pair[0].partition(".")[0])
    return json.dumps(
        {group: {name.partition(".")[2]: value for name, value in pairs} for group, pairs in groups}
    )


def _of_the_mock() -> dict[str, Behaviour]:
    return {row.id: row for row in behaviours() if row.side is Side.MOCK}


def _observed(question: Question, caller: Caller) -> Observed:
    try:
        return question.ask(caller)
    except ProbeError as error:
        return Observed(note=str(error))

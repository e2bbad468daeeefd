"""Settles assumptions by a recording of calls to a real account; nothing is sent.

Only a call that is unusual in one way settles anything: of two nobody knows which was answered. An
answer that something else would explain as well settles nothing, and the finding says what.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from typing import Any, Final, NamedTuple
from urllib.parse import parse_qs

from contracts.addresses import is_loopback
from contracts.errors import ProbeError
from contracts.probe.minute import RETRY_AFTER, SENDS
from contracts.probe.questions import (
    BY_HAND,
    QUESTIONS,
    Finding,
    Observed,
    finding,
)
from contracts.probe.recorded_calls import OF_A_CREDENTIAL, Seen, answered, is_trigger
from contracts.probe.url_history import NO_CREDENTIAL, UrlHistory
from contracts.verification.har_parts import HarEntry

_NO_SUCH_CALL: Final = "no such call in the recording"
_BY_SENDING: Final = "a recording cannot tell: probe --use-up-the-minute"
_LIMIT: Final = "limits.payloadBytes"
_TOO_MANY: Final = 429
_BOTH: Final = "Q-AUTH-1.both"
_TOO_LARGE: Final = 413
_ABOUT_THE_BODY: Final = frozenset({_TOO_LARGE, 415})
_PROBE: Final = "the probe itself asks for it"


class Evidence(NamedTuple):
    """What a call shows; no value where it only tells which limit to change."""

    value: bool | int | None = None
    note: str = ""
    is_clear: bool = True


def recorded_findings(entries: Iterable[HarEntry]) -> list[Finding]:
    """Return a finding for each assumption, in the order in which the probe asks.

    Args:
        entries: those of a recording, oldest first.

    Raises:
        ProbeError: no call of a trigger was answered.
    """
    calls = answered(entries)
    if not calls:
        raise ProbeError("no call of a trigger was recorded with its answer")
    observations: defaultdict[str, list[Evidence]] = defaultdict(list)
    for id_, observed in _observations(calls):
        observations[id_].append(observed)
    ids = [question.id for question in QUESTIONS]
    findings = [finding(id_, _agreed(observations[id_], _NO_SUCH_CALL)) for id_ in ids]
    for id_ in SENDS:
        otherwise = _NO_SUCH_CALL if id_ == RETRY_AFTER else _BY_SENDING
        findings.append(finding(id_, _agreed(observations[id_], otherwise)))
    return findings + [finding(id_, Observed(note=note)) for id_, note in BY_HAND.items()]


def assume_flags(findings: Iterable[Finding]) -> list[str]:
    """Return the flags of ``mock-qualtrics serve`` that make it answer as recorded."""
    settings = {
        each.setting.removeprefix("assumptions."): each.observed
        for each in findings
        if each.differs
    }
    return [f"--assume {name}={_as_json(value)}" for name, value in sorted(settings.items())]


def is_of_this_machine(entries: Iterable[HarEntry]) -> bool:
    """Return whether all calls of triggers went to this machine: then a mock was recorded."""
    hosts = {entry.parts.hostname or "" for entry in entries if is_trigger(entry)}
    return bool(hosts) and all(map(is_loopback, hosts))


def _observations(calls: list[Seen]) -> Iterator[tuple[str, Evidence]]:
    same_url: defaultdict[str, list[Seen]] = defaultdict(list)
    for call in calls:
        same_url[call.url].append(call)
    histories = {url: UrlHistory(its) for url, its in same_url.items()}
    for call in calls:
        yield from _of_call(call, histories[call.url])


def _of_call(call: Seen, history: UrlHistory) -> Iterator[tuple[str, Evidence]]:
    if call.status == _TOO_MANY and call.entry.answer_headers:
        yield RETRY_AFTER, Evidence(call.entry.answer_header("retry-after") is not None)
    if call.oddities == (_BOTH,):
        yield from _of_both_credentials(call, history)
    elif call.is_about_others:
        return
    elif not call.oddities:
        yield from _of_ordinary(call, history)
    elif len(call.oddities) == 1 and history.is_taken:
        yield call.oddities[0], _of_odd(call, call.oddities[0], history)


def _of_ordinary(call: Seen, history: UrlHistory) -> Iterator[tuple[str, Evidence]]:
    if call.accepted:
        yield "Q-ENV-2", Evidence(call.status)
    elif call.status == _TOO_LARGE:
        size = f"{call.entry.body_bytes or 0:,}"
        yield "Q-LIM-3.status", Evidence(note=f"{size} bytes were refused: lower {_LIMIT}")
    elif call.status not in _ABOUT_THE_BODY:
        yield _of_refused_url(call, history)


def _of_refused_url(call: Seen, history: UrlHistory) -> tuple[str, Evidence]:
    """Return why an ordinary call that is refused settles nothing about its URL."""
    if history.is_taken:
        id_, known = "Q-WF-1.status", "at a URL that was accepted at another time"
        causes = "a disabled workflow, a deleted one, or another reason"
    else:
        is_newer = "urlTokenId" in parse_qs(call.entry.parts.query)
        id_, known = "Q-URL-5" if is_newer else "Q-URL-5.older", "at a URL that was never accepted"
        causes = "no such workflow, a draft, a disabled one, or another reason"
    told = f"{known} may mean {causes}; {_PROBE}"
    return id_, _unclear(call, call.status, told)


def _of_odd(call: Seen, id_: str, history: UrlHistory) -> Evidence:
    if call.accepted and id_ == "Q-LIM-3.status":
        return Evidence(note=f"{call.entry.body_bytes:,} bytes were taken: raise {_LIMIT}")
    if call.accepted and id_ == "Q-URL-1.method":
        return Evidence(note=f"{call.entry.place}: {call.entry.method} was taken; the mock cannot")
    value = call.accepted if id_ == "Q-BODY-1.missing" else call.status
    why = "" if call.accepted else history.other_cause(call, id_)
    return _unclear(call, value, why) if why else Evidence(value)


def _of_both_credentials(call: Seen, history: UrlHistory) -> Iterator[tuple[str, Evidence]]:
    """Yield whether a call with a right and another credential was taken."""
    is_refused = call.status == NO_CREDENTIAL or call.entry.error_code in OF_A_CREDENTIAL
    if history.right_of(call) and (call.accepted or is_refused):
        why = history.other_cause_of_two(call)
        value = not call.accepted
        yield _BOTH, _unclear(call, value, why) if why else Evidence(value)


def _unclear(call: Seen, value: bool | int, why: str) -> Evidence:
    return Evidence(value, f"{call.entry.place}: status {call.status} {why}", is_clear=False)


def _agreed(evidences: list[Evidence], otherwise: str) -> Observed:
    """Return what all evidence agrees on, or why nothing is settled."""
    if not evidences:
        return Observed(note=otherwise)
    for evidence in evidences:
        if evidence.value is None:
            return Observed(note=evidence.note)
    counted = Counter(_as_json(each.value) for each in evidences)
    if len(counted) > 1:
        values = ", ".join(f"{value} ({count})" for value, count in counted.most_common())
        return Observed(note=f"the answers differ: {values}")
    if any(each.is_clear for each in evidences):
        return Observed(evidences[0].value)
    return Observed(note=evidences[0].note)


def _as_json(value: Any) -> str:  # noqa: ANN401  a setting's value
    return str(value).lower() if isinstance(value, bool) else str(value)

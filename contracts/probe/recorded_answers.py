"""Settles assumptions by a recording of calls to a real account; nothing is sent.

Only a call that is unusual in one way settles anything: of two nobody knows which was answered.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final, NamedTuple
from urllib.parse import parse_qs

from contracts.addresses import is_loopback, is_trigger_path
from contracts.errors import ProbeError
from contracts.exact_values import exact_value
from contracts.probe.minute import RETRY_AFTER, SENDS
from contracts.probe.questions import (
    BY_HAND,
    QUESTIONS,
    Finding,
    Observed,
    finding,
)
from contracts.verification.checks.wire_form import is_json_type
from contracts.verification.har_parts import HarEntry
from contracts.verification.har_secrets import tokens_of
from contracts.verification.har_traffic import is_preflight, media_type_of
from contracts.verification.traffic import LARGEST_BYTES, SUCCESS

_NO_SUCH_CALL: Final = "no such call in the recording"
_BY_SENDING: Final = "a recording cannot tell: probe --use-up-the-minute"
_LIMIT: Final = "limits.payloadBytes"
_TOO_MANY: Final = 429
# These are about the credential, the load or the moment, and say nothing about what was sent.
_ABOUT_OTHERS: Final = frozenset({401, 408, _TOO_MANY, *range(500, 600)})
# These may be about a credential too, which an answer's own code tells (Q-AUTH-3, Q-AUTH-4).
_PERHAPS_A_CREDENTIAL: Final = frozenset({400, 403})
_OF_A_CREDENTIAL: Final = frozenset({"ATP_2", "DCD_7"})
_TOO_LARGE: Final = 413
_ABOUT_THE_BODY: Final = frozenset({_TOO_LARGE, 415})


class Seen(NamedTuple):
    """A call that was answered, and by what it differs from an ordinary one."""

    entry: HarEntry
    status: int
    oddities: tuple[str, ...]

    @property
    def accepted(self) -> bool:
        """Whether it was taken."""
        return self.status in SUCCESS

    @property
    def is_about_others(self) -> bool:
        """Whether its answer says nothing about what was sent, or nobody knows whether it does."""
        if self.status in _PERHAPS_A_CREDENTIAL and not self.oddities:
            return self.entry.error_code != ""
        return self.status in _ABOUT_OTHERS or self.entry.error_code in _OF_A_CREDENTIAL

    @property
    def url(self) -> str:
        """What tells its trigger from others."""
        return f"{self.entry.parts.netloc}?{self.entry.parts.query}"


def recorded_findings(entries: Iterable[HarEntry]) -> list[Finding]:
    """Return a finding for each assumption, in the order in which the probe asks.

    Args:
        entries: those of a recording, oldest first.

    Raises:
        ProbeError: no call of a trigger was answered.
    """
    calls = _answered(entries)
    if not calls:
        raise ProbeError("no call of a trigger was recorded with its answer")
    observations: defaultdict[str, list[Observed]] = defaultdict(list)
    for id_, observed in (*_observations(calls), *_of_both_credentials(calls)):
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
    hosts = {entry.parts.hostname or "" for entry in entries if _is_trigger(entry)}
    return bool(hosts) and all(map(is_loopback, hosts))


def _answered(entries: Iterable[HarEntry]) -> list[Seen]:
    return [
        Seen(entry, entry.status, tuple(_oddities(entry)))
        for entry in entries
        if _is_trigger(entry) and not is_preflight(entry) and entry.status is not None
    ]


def _is_trigger(entry: HarEntry) -> bool:
    return is_trigger_path(entry.parts.path)


def _oddities(entry: HarEntry) -> Iterator[str]:
    """Yield the ids of the questions that a call asks; none for an ordinary one."""
    if entry.method != "POST":
        yield "Q-URL-1.method"
        return
    if len(set(tokens_of(entry))) > 1:
        yield "Q-AUTH-1.both"
    if (entry.body_bytes or 0) > LARGEST_BYTES:
        yield "Q-LIM-3.status"
    given = media_type_of(entry).strip()
    if not is_json_type(given):
        yield "Q-BODY-1.type" if given else "Q-BODY-1.missing"
    if (entry.header("content-encoding") or "identity").strip().lower() != "identity":
        yield "Q-LIM-3.encoding"
    elif entry.body is not None:
        yield from _oddities_of_body(entry.body)


def _oddities_of_body(body: bytes) -> Iterator[str]:
    try:
        if not isinstance(exact_value(body), dict):
            yield "Q-BODY-1.object"
    except ValueError:
        yield "Q-BODY-1.status"


def _observations(calls: list[Seen]) -> Iterator[tuple[str, Observed]]:
    known: dict[str, float] = {}
    for call in calls:
        if call.accepted and not call.oddities:
            known.setdefault(call.url, call.entry.at)
    for call in calls:
        if call.status == _TOO_MANY and call.entry.answer_headers:
            yield RETRY_AFTER, Observed(call.entry.answer_header("retry-after") is not None)
        if call.is_about_others:
            continue
        if not call.oddities:
            yield from _of_ordinary(call, known)
        elif len(call.oddities) == 1 and call.url in known:
            yield from _of_odd(call, call.oddities[0])


def _of_ordinary(call: Seen, known: Mapping[str, float]) -> Iterator[tuple[str, Observed]]:
    if call.accepted:
        yield "Q-ENV-2", Observed(call.status)
    elif call.status == _TOO_LARGE:
        size = f"{call.entry.body_bytes or 0:,}"
        yield "Q-LIM-3.status", Observed(note=f"{size} bytes were refused: lower {_LIMIT}")
    elif call.status in _ABOUT_THE_BODY:
        return
    elif call.url not in known:
        is_newer = "urlTokenId" in parse_qs(call.entry.parts.query)
        note = f"{call.entry.place}: a URL that was never taken; a draft's is answered so too"
        yield ("Q-URL-5" if is_newer else "Q-URL-5.older"), Observed(call.status, note)
    elif known[call.url] < call.entry.at:
        note = f"{call.entry.place}: its URL was taken before, so its workflow is disabled now"
        yield "Q-WF-1.status", Observed(call.status, note)


def _of_odd(call: Seen, id_: str) -> Iterator[tuple[str, Observed]]:
    if id_ == "Q-BODY-1.missing":
        yield id_, Observed(call.accepted)
    elif id_ == "Q-AUTH-1.both":
        return  # whether one of them was right is known only from other calls
    elif id_ == "Q-LIM-3.status" and call.accepted:
        size = f"{call.entry.body_bytes:,}"
        yield id_, Observed(note=f"{size} bytes were taken: raise {_LIMIT}")
    else:
        yield id_, Observed(call.status)


def _of_both_credentials(calls: list[Seen]) -> Iterator[tuple[str, Observed]]:
    """Yield whether a call with a right and another credential was taken."""
    right = {
        (call.url, token)
        for call in calls
        if call.accepted and not call.oddities
        for token in tokens_of(call.entry)
    }
    for call in calls:
        has_right = any((call.url, token) in right for token in tokens_of(call.entry))
        has_both = call.oddities == ("Q-AUTH-1.both",) and has_right
        if has_both and (call.accepted or call.status in (400, 401, 403)):
            yield "Q-AUTH-1.both", Observed(not call.accepted)


def _agreed(observations: list[Observed], otherwise: str) -> Observed:
    """Return what all observations agree on, or why nothing is settled."""
    if not observations:
        return Observed(note=otherwise)
    for observed in observations:
        if observed.value is None:
            return observed
    counted = Counter(_as_json(each.value) for each in observations)
    if len(counted) > 1:
        values = ", ".join(f"{value} ({count})" for value, count in counted.most_common())
        return Observed(note=f"the answers differ: {values}")
    note = next((each.note for each in observations if each.note), "")
    return Observed(observations[0].value, note)


def _as_json(value: Any) -> str:  # noqa: ANN401  a setting's value
    return str(value).lower() if isinstance(value, bool) else str(value)

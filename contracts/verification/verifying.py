"""Judges recorded traffic: the list of checks, and a verdict for each."""

from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches
from itertools import islice
from typing import Any, Final

from contracts.verdicts import Outcome, Verdict, Verdicts
from contracts.verification.checks import (
    message_contents,
    reconciled,
    repeats,
    retry_times,
    token_places,
    wire_form,
)
from contracts.verification.evidence import Check, Evidence, none_known_again
from contracts.verification.expected_messages import ExpectedMessage, listed_messages
from contracts.verification.retry_rules import ANY_POLICY, RetryRule
from contracts.verification.traffic import Traffic

MOST_REASONS: Final = 20
"""The most reasons that one verdict has; the last one counts the others."""

LEFT_OUT: Final = "left out: it was not asked for"

CHECKS: Final = (
    Check("recorded", "Something was sent.", (), wire_form.recorded, needs_calls=False),
    Check("methods", "Triggers are called with POST.", ("Q-URL-1",), wire_form.methods),
    Check(
        "media-types",
        "Messages are sent as JSON, and not compressed.",
        ("Q-BODY-1", "Q-LIM-3"),
        wire_form.media_types,
    ),
    Check("sizes", "No message is too large.", ("Q-LIM-3",), wire_form.sizes),
    Check(
        "messages-valid",
        "Every message is valid under the schema exported-message.",
        ("A-MSG-1", "A-MSG-2", "A-MAP-2", "Q-BODY-1"),
        message_contents.schema,
    ),
    Check(
        "plain-identities",
        "E-mail identities are plain text, no hashes.",
        ("A-MAP-2",),
        message_contents.plain_identities,
    ),
    Check(
        "credentials",
        "The right credential stands in its header, and nowhere else.",
        ("A-AUTH-1", "Q-AUTH-1", "Q-AUTH-3", "Q-AUTH-4"),
        token_places.credentials,
        token_places.no_credentials,
        needs_calls=False,
    ),
    Check(
        "duplicates",
        "No message is taken twice, unless an answer was lost.",
        ("Q-FAULT-2",),
        repeats.duplicates,
        none_known_again,
    ),
    Check(
        "needless-retries",
        "What must not be retried is not.",
        ("A-RTRY-1", "A-RTRY-2"),
        repeats.needless_retries,
        none_known_again,
    ),
    Check(
        "retry-after",
        "No message is sent again sooner than the answer asks for.",
        ("Q-LIM-2",),
        retry_times.retry_after,
        retry_times.no_retry_after,
    ),
    Check(
        "retry-pace",
        "No message is sent again and again without a pause.",
        (),
        retry_times.pace,
        retry_times.no_instants,
    ),
    Check(
        "retry-schedule",
        "Retries come when the policy has them.",
        ("A-RTRY-1", "A-RTRY-2"),
        retry_times.schedule,
        retry_times.no_schedule,
    ),
    Check(
        "given-up",
        "No message is given up before the policy allows it.",
        ("A-RTRY-1", "A-RTRY-2"),
        retry_times.given_up,
        retry_times.no_policy,
    ),
    Check(
        "reconciliation",
        "The messages that were to arrive did, unchanged, and no others.",
        ("A-MSG-1",),
        reconciled.reconciled,
        reconciled.no_messages,
        needs_calls=False,
    ),
)
CHECK_NAMES: Final = tuple(check.name for check in CHECKS)


def judge(
    traffic: Traffic,
    messages: Iterable[Mapping[str, Any] | ExpectedMessage] | None = None,
    rule: RetryRule = ANY_POLICY,
    without: Iterable[str] = (),
) -> Verdicts:
    """Return a verdict for each check.

    Args:
        traffic: what was recorded.
        messages: those that were to arrive, as they were to be posted; None: nobody says.
        rule: when a message may be sent again.
        without: names of checks that are not asked for.

    Raises:
        ValueError: there is no check of such a name.
        TypeError: these are no names, or no list of messages; says what was found.
    """
    left_out = known_checks(without)
    expected = None if messages is None else listed_messages(messages)
    evidence = Evidence(traffic, rule, expected)
    verdicts = (_verdict(check, evidence, left_out) for check in CHECKS)
    return Verdicts(traffic.subject, tuple(verdicts))


def unknown_check(names: Iterable[str]) -> str:
    """Return what is wrong with names of checks; empty when all are known."""
    unknown = next((name for name in names if name not in CHECK_NAMES), None)
    if unknown is None:
        return ""
    close = get_close_matches(str(unknown), CHECK_NAMES, n=1)
    hint = f" (did you mean {close[0]}?)" if close else ""
    return f"no check is called {unknown!r}{hint}; expected some of {', '.join(CHECK_NAMES)}"


def known_checks(without: object) -> frozenset[str]:
    """Return names of checks as a set.

    Raises:
        ValueError: there is no check of such a name.
        TypeError: it is no list of names; says what was found.
    """
    if isinstance(without, str) or not isinstance(without, Iterable):
        found = f"the text {without!r}" if isinstance(without, str) else type(without).__name__
        raise TypeError(f"without: found {found}, expected a list of checks: ['credentials']")
    names = tuple(without)
    if problem := unknown_check(names):
        raise ValueError(f"without: {problem}")
    return frozenset(names)


def _verdict(check: Check, evidence: Evidence, left_out: frozenset[str]) -> Verdict:
    outcome, reasons = _outcome(check, evidence, left_out)
    return Verdict(check.name, outcome, reasons, check.facts, check.purpose)


def _outcome(
    check: Check, evidence: Evidence, left_out: frozenset[str]
) -> tuple[Outcome, tuple[str, ...]]:
    if check.name in left_out:
        return Outcome.SKIPPED, (LEFT_OUT,)
    if why := check.why_not_judged(evidence):
        return Outcome.SKIPPED, (why,)
    reasons = tuple(map(evidence.traffic.hide, _bounded(check.reasons(evidence))))
    return (Outcome.FAILED if reasons else Outcome.PASSED), reasons


def _bounded(reasons: Iterator[str]) -> Iterator[str]:
    yield from islice(reasons, MOST_REASONS - 1)
    rest = list(islice(reasons, 1))
    others = sum(1 for _ in reasons)
    yield from rest if not others else [f"and {others + 1:,} more"]

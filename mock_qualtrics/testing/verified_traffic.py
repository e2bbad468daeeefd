"""Judges what a test's tenant has received, by the checks of `contracts.verification`.

They are loaded when the first test asks for them.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from contracts.errors import TrafficError
from mock_qualtrics.testing.backend import Backend

if TYPE_CHECKING:
    from contracts.verdicts import Verdicts


class TrafficNotVerifiedError(AssertionError):
    """What was received is not well; the message has every reason."""


def verify_tenant(
    backend: Backend,
    tenant_id: str,
    strangers: int,
    messages: Iterable[Mapping[str, Any]] | None,
    policy: str | None,
    without: Iterable[str],
) -> None:
    """Judge all calls of a tenant.

    Args:
        backend: the mock.
        tenant_id: whose calls.
        strangers: how many calls of this test name no tenant.
        messages: what was to arrive; None: nobody says.
        policy: the name of the retry policy; None: what holds with every policy.
        without: checks to leave out.

    Raises:
        TrafficNotVerifiedError: something is wrong, or nothing can be said.
        ValueError: there is no such policy or check.
        TypeError: what was to arrive is no list of messages, or `without` none of names.
    """
    # ruff: noqa: PLC0415  few tests verify, and all would pay
    from contracts.verification.expected_messages import listed_messages
    from contracts.verification.mock_traffic import traffic_of
    from contracts.verification.retry_rules import retry_rule
    from contracts.verification.verifying import judge, known_checks

    __tracebackhide__ = True
    given = list(messages) if isinstance(messages, Iterator) else messages
    try:
        rule, left_out = retry_rule(policy), known_checks(without)
        expected = None if given is None else listed_messages(given)
    except (TypeError, ValueError) as error:  # the test's own: no frame of ours helps
        raise error.with_traceback(None) from None
    try:
        traffic = traffic_of(
            f"tenant {tenant_id}",
            backend.totals(tenant_id),
            backend.requests(tenant_id),
            lambda row: backend.request(row["requestId"]),
            backend.largest_body_bytes(tenant_id),
            strangers,
        )
    except TrafficError as error:
        raise TrafficNotVerifiedError(str(error)) from None
    verdicts = judge(traffic, expected, rule, left_out)
    if verdicts.exit_code:
        raise TrafficNotVerifiedError(_told(verdicts))


def _told(verdicts: "Verdicts") -> str:
    failed = [verdict for verdict in verdicts.verdicts if verdict.counts_as_failed]
    if not failed:
        return "nothing was judged: every check that could be was left out"
    lines = [f"{len(failed)} of {verdicts.claimed} checks of what was received failed:"]
    for verdict in failed:
        lines += [f"  {verdict.name}: {reason}" for reason in verdict.reasons]
    return "\n".join(lines)

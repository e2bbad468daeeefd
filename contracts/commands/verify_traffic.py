"""``qualtrics-contracts verify``: judges traffic that was recorded."""

import sys
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

import click

from contracts.addresses import is_server_url, mock_address_of, shown_address
from contracts.control_token import control_token_options
from contracts.counts import counted
from contracts.errors import (
    ControlError,
    ControlRefusedError,
    ControlTokenError,
    TrafficError,
    UnreadableFileError,
)
from contracts.problem_lines import ProblemsError
from contracts.reports.options import report_options
from contracts.reports.reporter import Reporter
from contracts.terminal import printable
from contracts.verification.retry_rules import RETRY_RULES, RetryRule, retry_rule

if TYPE_CHECKING:
    from contracts.control_client import ControlClient
    from contracts.verification.expected_messages import ExpectedMessage
    from contracts.verification.traffic import Traffic


_MOST_ASKED: Final = 100  # tenants


@click.command("verify", epilog="Example: qualtrics-contracts verify --har recording.har")
@click.option("--mock", "mock_url", metavar="URL", help="Judge what this mock has recorded.")
@click.option("--tenant", metavar="ID", help="Of the mock; by default the one it started with.")
@click.option("--har", "har_path", metavar="FILE", help="Judge a HAR file.")
@click.option(
    "--messages",
    "messages_path",
    metavar="FILE",
    help="What was to arrive: one message a line, as it was to be posted.",
)
@click.option(
    "--policy", type=click.Choice(list(RETRY_RULES)), help="The policy that retries are judged by."
)
@click.option(
    "--retry-after",
    "schedule",
    metavar="SECONDS,…",
    help="Another schedule of one of Adobe's policies, counted from the first failure.",
)
@click.option(
    "--without",
    multiple=True,
    metavar="CHECK",
    callback=lambda _context, _option, names: _known_checks(names),
    help="Leave a check out; repeatable.",
)
@control_token_options("For a mock that requires one.")
@report_options
def verify_traffic(  # noqa: PLR0913  options, which click passes by name
    *,
    mock_url: str | None,
    tenant: str | None,
    har_path: str | None,
    messages_path: str | None,
    policy: str | None,
    schedule: str | None,
    without: tuple[str, ...],
    control_token: str | None,
    reporter: Reporter,
) -> None:
    """Judge all calls that a mock or a HAR file has recorded; nothing is sent.

    Checks form, size and content of every message, credentials, duplicates, retries, and, with
    --messages, that all arrived unchanged. Calls of triggers are known by their path, on any host.
    Exit code: 0 all is well; 1 a check failed, or nothing was recorded; 2 wrong usage, or what
    was recorded cannot be read or is not complete; 5 the mock does not answer.
    """
    from contracts.verification.verifying import judge  # noqa: PLC0415  --help needs none

    if (mock_url is None) == (har_path is None):
        raise click.UsageError("give either --mock URL or --har FILE")
    if har_path is not None and tenant is not None:
        raise click.UsageError("--tenant goes with --mock: a HAR file has no tenants")
    rule = _rule(policy, schedule)
    messages = None if messages_path is None else _read(_messages, messages_path)
    traffic = None if har_path is None else _read(_har, har_path)
    subject = traffic.subject if traffic is not None else _address(mock_url or "")
    with reporter.run("verify", subject) as collected:
        traffic = traffic or _mock_traffic(subject, tenant, control_token)
        collected.add(*judge(traffic, messages, rule, without).verdicts)
    sys.exit(reporter.exit_code)


def _known_checks(names: tuple[str, ...]) -> tuple[str, ...]:
    if names:
        from contracts.verification.verifying import unknown_check  # noqa: PLC0415  as above

        if problem := unknown_check(names):
            raise click.BadParameter(printable(problem))
    return names


def _rule(policy: str | None, schedule: str | None) -> RetryRule:
    try:
        times = None if schedule is None else [float(part) for part in schedule.split(",")]
    except ValueError:
        raise click.BadParameter(
            f"found {schedule!r}, expected seconds such as 15,30", param_hint="--retry-after"
        ) from None
    try:
        return retry_rule(policy, times)
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="--retry-after") from None


def _read(read: Callable[[str], Any], path: str) -> Any:  # noqa: ANN401  what it returns
    try:
        return read(path)
    except UnreadableFileError as error:
        raise ProblemsError([str(error)]) from None


def _messages(path: str) -> "tuple[ExpectedMessage, ...]":
    from contracts.verification.expected_messages import read_messages  # noqa: PLC0415  --help needs none

    return read_messages(path)


def _har(path: str) -> "Traffic":
    from contracts.verification.har_traffic import har_traffic  # noqa: PLC0415  as above

    return har_traffic(path)


def _address(url: str) -> str:
    if not is_server_url(url):
        raise click.BadParameter("expected http://HOST:PORT", param_hint="--mock")
    return mock_address_of(url)


def _mock_traffic(address: str, tenant_id: str | None, control_token: str | None) -> "Traffic":
    from contracts.control_client import control_url_of  # noqa: PLC0415  as above
    from contracts.verification.mock_traffic import ExactControlClient, read_mock  # noqa: PLC0415

    try:
        with ExactControlClient(control_url_of(address), control_token) as control:
            tenants = control.tenants()
            tenant = _tenant(tenants, tenant_id)
            traffic = read_mock(control, tenant)
            others = 0 if tenant_id else _calls_of_others(control, tenants[1:])
    except (ControlTokenError, TrafficError) as error:
        raise ProblemsError([str(error)]) from None
    except ControlError as error:
        raise _not_asked(address, error, has_token=bool(control_token)) from None
    _note_unjudged(traffic.strangers, others, len(tenants) - 1)
    return traffic


def _not_asked(address: str, error: ControlError, *, has_token: bool) -> Exception:
    """Return the error of a mock that does not answer, or that wants another control token."""
    from contracts.control_explanations import UNAUTHORIZED, explanation  # noqa: PLC0415  as above

    why = explanation(error, has_token=has_token, option="--mock")
    text = f"the mock at {shown_address(address)}: {why}"
    if isinstance(error, ControlRefusedError) and error.status == UNAUTHORIZED:
        return ProblemsError([text])
    return ControlError(text)


def _calls_of_others(control: "ControlClient", tenants: Sequence[Mapping[str, Any]]) -> int:
    some = tenants[:_MOST_ASKED]
    return sum(int(control.totals(str(tenant["id"]))["received"]) for tenant in some)


def _note_unjudged(of_nobody: int, of_others: int, tenants: int) -> None:
    """Tell of calls that are not judged: of nobody, and of tenants that were not asked for."""
    if of_nobody:
        what = f"{counted(of_nobody, 'call')} without a tenant's URL or credential"
        click.echo(f"note: not judged: {what}; mock-qualtrics calls lists them", err=True)
    if of_others:
        what = f"{counted(of_others, 'call')} of {counted(tenants, 'other tenant')}"
        click.echo(f"note: not judged: {what}; --tenant ID judges one", err=True)


def _tenant(tenants: Sequence[Mapping[str, Any]], wanted: str | None) -> Mapping[str, Any]:
    if wanted is None and tenants:
        return tenants[0]
    for tenant in tenants:
        if tenant["id"] == wanted:
            return tenant
    known = ", ".join(str(tenant["id"]) for tenant in tenants[:20]) or "none"
    named = "tenant" if wanted is None else f"tenant {wanted}"
    raise ProblemsError([f"there is no {named}; known: {known}"])

"""The options of the commands that send, collected in one frozen value."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import click

from contracts.option_numbers import Finite, Integer
from contracts.option_values import collected
from sender.commands.shared import common_options
from sender.errors import ConfigurationError
from sender.policies import ScheduledRetries
from sender.reporting.alerts import SKIP_RATE_ABOVE
from sender.transport.factory import TRANSPORTS

if TYPE_CHECKING:
    _NumberType = click.ParamType[float]
    _ScheduleType = click.ParamType[tuple[float, ...]]
else:
    _NumberType = _ScheduleType = click.ParamType  # takes no type argument before click 8.4


@dataclass(frozen=True, slots=True)
class ExportOptions:
    """The values of the options; None for one that was not given.

    Attributes:
        report_path: the file for the report as JSON.
        html_path: the file for the report as an HTML page.
        workers: number of connections.
        transport: the transport's name.
        calls_per_minute: the rate limit.
        calls_per_day: the most calls in any day.
        offered_rate: first tries per second, with Adobe's policies.
        retry_after: when retries are due, in seconds after the first failure, with Adobe's.
        give_up_after_seconds: how long to retry, instead of the policy's time.
        alert_below: alert when the activation rate is below this share.
        skip_rate_above: alert when a greater share of the profiles is excluded.
        verbose: whether to log every attempt.
        metrics_port: the port to serve metrics on.
        as_json: whether to print the report as JSON.
    """

    report_path: str | None
    html_path: str | None
    workers: int | None
    transport: str
    calls_per_minute: float | None
    calls_per_day: float | None
    offered_rate: float | None
    retry_after: tuple[float, ...] | None
    give_up_after_seconds: float | None
    alert_below: float | None
    skip_rate_above: float
    verbose: bool
    metrics_port: int | None
    as_json: bool


class CallsPerMinute(_NumberType):
    """A positive number, or ``unlimited``."""

    name = "N|unlimited"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> float:
        """Convert an option's value."""
        if value in ("unlimited", float("inf")):
            return float("inf")
        try:
            number = float(str(value))
        except ValueError:
            number = 0.0
        if not number > 0:
            self.fail(f"{value!r} is neither a positive number nor 'unlimited'", param, ctx)
        return number


class Schedule(_ScheduleType):
    """Seconds, separated by commas: each positive, finite and greater than the one before."""

    name = "SECONDS,SECONDS…"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[float, ...]:
        """Convert an option's value."""
        try:
            seconds = tuple(float(part) for part in str(value).split(","))
        except ValueError:
            self.fail(f"{value!r} is no list of seconds, such as 15,30", param, ctx)
        try:
            return ScheduledRetries(seconds).after_first_failure_seconds
        except ConfigurationError as error:
            self.fail(str(error), param, ctx)


class CallsPerDay(CallsPerMinute):
    """A positive whole number, or ``unlimited``."""

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> float:
        """Convert an option's value."""
        number = super().convert(value, param, ctx)
        if number != float("inf") and not number.is_integer():
            self.fail(f"{value!r} is not a whole number", param, ctx)
        return number


_OPTIONS = (
    click.option(
        "--report", "report_path", metavar="FILE.json", help="Write the report to this file."
    ),
    click.option(
        "--html", "html_path", metavar="FILE", help="Write the report to this file as a page."
    ),
    click.option("--workers", type=Integer(1, 1000), help="Number of connections."),
    click.option(
        "--transport", type=click.Choice(TRANSPORTS), default="requests", show_default=True
    ),
    click.option(
        "--calls-per-minute",
        type=CallsPerMinute(),
        metavar="N|unlimited",
        default=None,
        help="With policy lossless: the most calls per minute; by default the destination's limit.",
    ),
    click.option(
        "--calls-per-day",
        type=CallsPerDay(),
        metavar="N|unlimited",
        default=None,
        help="With policy lossless: the most calls in any day, however it is counted, over all "
        "exports with this outbox; by default 300,000, what the destination executes.",
    ),
    click.option(
        "--offered-rate",
        type=CallsPerMinute(),
        metavar="PER_SECOND",
        default=None,
        help="With Adobe's policies: send so many messages per second, whatever is answered, and "
        "retries in addition; without it as fast as this machine can.",
    ),
    click.option(
        "--retry-after",
        type=Schedule(),
        metavar="SECONDS,SECONDS…",
        default=None,
        help="With Adobe's policies: when a message is retried, counted from its first failure, "
        "such as 15,30; any number of retries.",
    ),
    click.option(
        "--give-up-after",
        "give_up_after_seconds",
        metavar="SECONDS",
        type=Finite(min=0, min_open=True),
        help="With policy lossless: how long to retry a message that fails, or a destination that "
        "is down; by default a day.",
    ),
    click.option(
        "--alert-below",
        metavar="SHARE",
        type=Finite(0, 1),
        help="Alert when the activation rate is below this share, 0 to 1.",
    ),
    click.option(
        "--skip-rate-above",
        metavar="SHARE",
        type=Finite(0, 1),
        default=SKIP_RATE_ABOVE,
        show_default=True,
        help="Announce Adobe's alert Activation Skip Rate Exceeded when a greater share of the "
        "profiles is excluded; Adobe's own threshold is not documented.",
    ),
    click.option(
        "--metrics-port",
        type=Integer(0, 65535),
        help="Serve Prometheus metrics on this loopback port (extra prometheus).",
    ),
    click.option("--verbose", "-v", is_flag=True, help="Log every attempt."),
    common_options.json_option,
)
sending_options = collected(ExportOptions, "options", _OPTIONS)
"""Add the options of a command that sends; it receives them as the argument ``options``."""

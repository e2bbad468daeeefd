"""The options of the commands that send, gathered into one frozen value. Sends nothing itself."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

import click

from sender.commands.shared import errors_and_exit
from sender.transport.factory import TRANSPORTS

_Command = TypeVar("_Command", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class ExportOptions:
    """How to send and what to leave behind, as the options say.

    Attributes:
        report_path: where the report is written as JSON.
        html_path: where it is written as a page.
        workers: how many connections.
        transport: by which means.
        calls_per_minute: at most so many calls.
        give_up_after_seconds: how long to try, instead of as long as the policy does.
        alert_below: alert when the activation rate is under this share.
        verbose: log every attempt.
        metrics_port: serve metrics there.
        as_json: print the report as JSON.
    """

    report_path: str | None
    html_path: str | None
    workers: int | None
    transport: str
    calls_per_minute: float | None
    give_up_after_seconds: float | None
    alert_below: float | None
    verbose: bool
    metrics_port: int | None
    as_json: bool


class CallsPerMinute(click.ParamType[float]):
    """A positive number, or ``unlimited``."""

    name = "N|unlimited"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> float:
        """Read it."""
        if value in ("unlimited", float("inf")):
            return float("inf")
        try:
            number = float(str(value))
        except ValueError:
            number = 0.0
        if not number > 0:
            self.fail(f"{value!r} is neither a positive number nor 'unlimited'", param, ctx)
        return number


class Finite(click.FloatRange):
    """A range that holds neither infinity nor what is no number at all, which any range takes."""

    def convert(
        self,
        value: Any,  # noqa: ANN401  click's signature
        param: click.Parameter | None,
        ctx: click.Context | None,
    ) -> Any:  # noqa: ANN401  click's signature
        """Read it."""
        number = super().convert(value, param, ctx)
        if not math.isfinite(number):
            self.fail(f"{value!r} is not a finite number", param, ctx)
        return number


def sending_options(command: _Command) -> _Command:
    """Add the options of a command that sends; it gets them as ``options``."""

    def gather(**given: Any) -> Any:  # noqa: ANN401  click hands on what the options are
        names = ExportOptions.__dataclass_fields__
        options = ExportOptions(**{name: given.pop(name) for name in names})
        return command(options=options, **given)

    gather.__name__, gather.__doc__ = command.__name__, command.__doc__
    gather.__click_params__ = getattr(command, "__click_params__", [])  # type: ignore[attr-defined]
    for option in reversed(_OPTIONS):
        gather = option(gather)
    return gather  # type: ignore[return-value]


_OPTIONS = (
    click.option("--report", "report_path", metavar="FILE.json", help="Write the report there."),
    click.option("--html", "html_path", metavar="FILE", help="Write the report as a page there."),
    click.option("--workers", type=click.IntRange(1, 1000), help="How many connections."),
    click.option(
        "--transport", type=click.Choice(TRANSPORTS), default="requests", show_default=True
    ),
    click.option(
        "--calls-per-minute",
        type=CallsPerMinute(),
        metavar="N|unlimited",
        default=None,
        help="At most so many calls; by default as the policy says.",
    ),
    click.option(
        "--give-up-after",
        "give_up_after_seconds",
        metavar="SECONDS",
        type=Finite(min=0, min_open=True),
        help="With policy lossless: how long to try a message that fails, and a destination that "
        "is down; by default a day.",
    ),
    click.option(
        "--alert-below",
        metavar="SHARE",
        type=Finite(0, 1),
        help="Alert when the activation rate is under this share, 0 to 1.",
    ),
    click.option(
        "--metrics-port",
        type=click.IntRange(0, 65535),
        help="Serve Prometheus metrics on this loopback port (extra prometheus).",
    ),
    click.option("--verbose", "-v", is_flag=True, help="Log every attempt."),
    errors_and_exit.json_option,
)

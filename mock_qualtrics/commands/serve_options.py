"""The options of ``serve``, which ``exec`` has too."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import click

from contracts.control_token import control_token_options
from contracts.option_numbers import Integer
from mock_qualtrics.settings import Settings
from mock_qualtrics.web.public_url import public_url

DEFAULTS = Settings()
MEGABYTE = 1_000_000


def _public_url(text: str | None) -> str | None:
    try:
        return None if text is None else public_url(text)
    except ValueError as error:
        raise click.BadParameter(f"{text!r}: {error}") from None


_HOST_OPTION: Final = click.option(
    "--host", default="127.0.0.1", show_default=True, help="Address to bind."
)
_OPTIONS: Final = (
    click.option(
        "--store",
        default=DEFAULTS.store,
        show_default=True,
        metavar="memory|sqlite:///PATH|postgresql+psycopg://…",
        help="Where the journal is kept. A password of PostgreSQL is better set as PGPASSWORD: "
        "every user of this machine can read the list of processes.",
    ),
    click.option(
        "--memory-megabytes",
        type=Integer(1),
        default=DEFAULTS.memory_bytes // MEGABYTE,
        show_default=True,
        help="The bound of a store in memory; past it the oldest calls and runs are dropped, but "
        "none that still waits.",
    ),
    click.option(
        "--kept-body-bytes",
        type=Integer(0, 1_000_000),
        default=DEFAULTS.kept_body_bytes,
        show_default=True,
        help="How much is kept of the body of a refused call, without credentials.",
    ),
    click.option(
        "--workflows",
        type=click.Path(path_type=Path),
        metavar="FILE.toml",
        help="The default tenant's workflows; read again when the file changes.",
    ),
    click.option(
        "--clock",
        type=click.Choice(["real", "virtual", "skipping"]),
        default="real",
        show_default=True,
        help="The default tenant's clock: a virtual one moves only when advanced; a skipping one "
        "goes with real time, and jumps to what is due next whenever somebody waits for runs.",
    ),
    click.option(
        "--seed",
        type=int,
        default=0,
        show_default=True,
        help="The seed of all ids and random choices.",
    ),
    click.option(
        "--durability",
        type=click.Choice(["process", "full"]),
        default="process",
        show_default=True,
        help="What the journal survives: kill -9, or power loss too.",
    ),
    click.option(
        "--calls-per-minute",
        type=Integer(0),
        default=DEFAULTS.limits.calls_per_minute,
        show_default=True,
        help="The brand's rate limit.",
    ),
    click.option(
        "--payload-bytes",
        type=Integer(0),
        default=DEFAULTS.limits.payload_bytes,
        show_default=True,
        help="The largest body accepted.",
    ),
    click.option(
        "--runs-per-day",
        type=Integer(0),
        default=DEFAULTS.limits.runs_per_day,
        show_default=True,
        help="Runs past it are blocked.",
    ),
    click.option(
        "--window",
        type=click.Choice(["sliding", "fixed"]),
        default="sliding",
        show_default=True,
        help="How the minute is counted.",
    ),
    click.option(
        "--assume",
        multiple=True,
        metavar="NAME=VALUE",
        help="Change an assumption, for example acceptedStatus=200; repeatable. Takes what "
        "`qualtrics-contracts fidelity` lists under `assumptions.`, and no other setting.",
    ),
    click.option(
        "--log-calls",
        is_flag=True,
        help="Write a line for each call to standard error: method, path, status, reason, run, "
        "trace id and milliseconds; no secret.",
    ),
    click.option("--wire-faults", is_flag=True, help="Let faults break connections."),
    click.option(
        "--web-service-calls",
        is_flag=True,
        help="Let web_service tasks really call their URLs: on loopback only, never this server.",
    ),
    click.option(
        "--web-service-host",
        multiple=True,
        metavar="HOST",
        help="A further host that web_service tasks may call, without scheme or port; repeatable.",
    ),
    click.option(
        "--ready-file",
        type=click.Path(dir_okay=False, path_type=Path),
        help="Written once calls are accepted (mode 0600).",
    ),
    control_token_options("Required by the control API and the pages; needed beyond loopback."),
    click.option(
        "--allowed-host", multiple=True, help="A further name for this server; repeatable."
    ),
    click.option(
        "--public-url",
        metavar="URL",
        callback=lambda _context, _option, url: _public_url(url),
        help="The address at which others reach this server, as in a container: http or https, "
        "host and perhaps port, no path. It is printed and stands in the ready file and in all "
        "URLs of the control API; its host counts as one of --allowed-host.",
    ),
    click.option("--tls", is_flag=True, help="Serve https with a new certificate."),
    click.option(
        "--ca-file",
        type=click.Path(dir_okay=False, path_type=Path),
        default=Path("mock-qualtrics-ca.pem"),
        show_default=True,
        help="Where --tls writes the certificate authority.",
    ),
)


def serve_options(*, port: int) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Return a decorator that adds the options; the command receives their values by name.

    Args:
        port: the port when none is given.
    """

    def add(command: Callable[..., Any]) -> Callable[..., Any]:
        for option in reversed((_HOST_OPTION, _port_option(port), *_OPTIONS)):
            command = option(command)
        return command

    return add


def _port_option(port: int) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    return click.option(
        "--port",
        default=port,
        show_default=True,
        type=Integer(0, 65_535),
        help="Port to bind; 0 takes a free one.",
    )

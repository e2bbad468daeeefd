"""The options that several commands have, and loading what they name: dataflow, outbox, token."""

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

import click
from click.core import ParameterSource

from contracts.credentials import without_line_end
from contracts.redaction import redact
from contracts.secret import Secret
from sender.commands.shared import errors_and_exit
from sender.dataflow import Dataflow
from sender.dataflow.digests import destination_of
from sender.dataflow.trigger_url import url_host
from sender.errors import ConfigurationError, DataflowError
from sender.policies import POLICIES
from sender.transport.api_token import token_from

_Command = TypeVar("_Command", bound=Callable[..., Any])

json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON.")
show_identities_option = click.option(
    "--show-identities", is_flag=True, help="Print identities as they are, not masked."
)


_PLAIN_HTTP = "plain_http_hosts"


def _keep_plain_http_hosts(
    context: click.Context, _parameter: click.Parameter, hosts: tuple[str, ...]
) -> None:
    """Check the hosts, and keep them for :func:`load_dataflow` and :func:`with_given`."""
    for host in hosts:
        if not _is_host(host):
            raise click.BadParameter(f"found {host!r}, expected a host's name alone")
    context.meta[_PLAIN_HTTP] = tuple(host.strip("[]") for host in hosts)


def _is_host(text: str) -> bool:
    return url_host(f"http://{text}/") == text.strip("[]").lower() != ""


plain_http_option = click.option(
    "--allow-plain-http",
    multiple=True,
    metavar="HOST",
    expose_value=False,
    callback=_keep_plain_http_hosts,
    help="A host beyond this machine that may get the token by plain http; repeatable.",
)


def _plain_http_hosts() -> tuple[str, ...]:
    context = click.get_current_context(silent=True)
    hosts: tuple[str, ...] = context.meta.get(_PLAIN_HTTP, ()) if context else ()
    return hosts


def dataflow_options(command: _Command) -> _Command:
    """Add the options for a dataflow file, and for another URL or username than the file's."""
    for option in (
        plain_http_option,
        click.option(
            "--username",
            envvar="QUALTRICS_USERNAME",
            show_envvar=True,
            help="Takes the place of the dataflow's.",
        ),
        click.option(
            "--url",
            envvar="QUALTRICS_URL",
            show_envvar=True,
            help="Takes the place of the dataflow's.",
        ),
        click.option("--dataflow", "dataflow_path", metavar="FILE.toml", required=True),
    ):
        command = option(command)
    return command


def outbox_option(command: _Command) -> _Command:
    """Add the option for an existing outbox."""
    return click.option(
        "--outbox", "outbox_path", metavar="FILE", required=True, help="An export's outbox."
    )(command)


def policy_option(command: _Command) -> _Command:
    """Add the option for another policy than the outbox's."""
    return click.option(
        "--policy",
        "policy_name",
        type=click.Choice(list(POLICIES)),
        help="By default the policy that was used last with this outbox.",
    )(command)


def load_dataflow(path: str, url: str | None, username: str | None) -> Dataflow:
    """Read a dataflow file, apply the given URL and username, and print its warnings.

    Raises:
        DataflowError: it is invalid; lists all problems.
    """
    dataflow = with_given(_from_file(path), url, username)
    for warning in dataflow.warnings():
        errors_and_exit.tell(f"{path}: warning: {redact(warning)}")
    return dataflow


def with_given(dataflow: Dataflow, url: str | None, username: str | None = None) -> Dataflow:
    """Return a dataflow with the URL and the username of an option or an environment variable.

    Raises:
        DataflowError: the value is invalid; the error names the option or the variable.
    """
    dataflow = dataflow.allowing_plain_http(_plain_http_hosts())
    if url:
        with _attributed_to("url"):
            dataflow = dataflow.with_url(without_line_end(url))
    if username:
        with _attributed_to("username"):
            dataflow = dataflow.with_username(without_line_end(username))
    return dataflow


def _from_file(path: str | Path) -> Dataflow:
    return Dataflow.from_toml(path, plain_http_hosts=_plain_http_hosts())


@contextlib.contextmanager
def _attributed_to(parameter: str) -> Iterator[None]:
    """Make errors name the option or variable that a value came from, instead of the file."""
    try:
        yield
    except DataflowError as error:
        source = click.get_current_context().get_parameter_source(parameter)
        is_variable = source is ParameterSource.ENVIRONMENT
        where = f"QUALTRICS_{parameter.upper()}" if is_variable else f"--{parameter}"
        without_path = [str(violation).partition(": ")[2] for violation in error.violations]
        raise DataflowError(where, without_path) from None


def default_outbox(dataflow_path: str, dataflow: Dataflow) -> Path:
    """Return the outbox beside a dataflow file.

    If a given URL names another destination than the file's, that destination has its own outbox.
    """
    path = Path(dataflow_path)
    destination = destination_of(dataflow)
    if destination == destination_of(_from_file(path)):
        return path.with_name(f"{path.stem}.outbox.sqlite")
    return path.with_name(f"{path.stem}.{destination[:8]}.outbox.sqlite")


def existing_outbox(path: str) -> Path:
    """Return the path of an existing outbox.

    Raises:
        ConfigurationError: there is no such file.
    """
    if not Path(path).is_file():
        beside = sorted(file.name for file in Path(path).parent.glob("*.outbox.sqlite"))
        others = f"; beside it: {', '.join(beside)}" if beside else ""
        raise ConfigurationError(f"{path}: no such outbox{others}")
    return Path(path)


def token() -> Secret:
    """Return the environment's API token.

    Raises:
        MissingTokenError: there is none.
    """
    return token_from(None)

"""Turn the flags of ``serve`` and ``exec`` into a running server, and explain what prevents it."""

import contextlib
import errno
import gc
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from contracts import exact_json
from contracts.control_token import CONTROL_TOKEN_VARIABLE
from contracts.credentials import token_fits_a_header, token_is_wrapped, without_line_end
from contracts.problem_lines import ProblemsError
from mock_qualtrics.commands.ready_file import ready_document
from mock_qualtrics.commands.serve_options import MEGABYTE
from mock_qualtrics.commands.served_files import ServedFiles
from mock_qualtrics.commands.workflows_file import WorkflowsFile, read_workflows, stamp_of
from mock_qualtrics.errors import InvalidSettingsError, MockError
from mock_qualtrics.settings import Limits, Settings
from mock_qualtrics.web.access import is_loopback
from mock_qualtrics.web.public_url import host_of

if TYPE_CHECKING:
    from mock_qualtrics.server import RunningServer

Ready = Callable[["RunningServer", dict[str, Any]], None]


class CannotServeError(ProblemsError):
    """The server cannot start although the flags are well-formed."""

    def __init__(self, *problems: str) -> None:
        super().__init__(problems)


def checked(flags: dict[str, Any]) -> dict[str, Any]:
    """Return the flags, with the control token as it is sent and the names of those given.

    Raises:
        click.UsageError: they ask for what cannot be.
    """
    flags = flags | {"control_token": _control_token(flags["control_token"])}
    _refuse_open_access(flags["host"], flags["control_token"])
    _refuse_wrong_hosts(flags)
    _refuse_missing_folders(flags["ready_file"], flags["ca_file"] if flags["tls"] else None)
    context = click.get_current_context()
    given = {
        name for name in flags if context.get_parameter_source(name) is ParameterSource.COMMANDLINE
    }
    return flags | {"given": given}


def run_server(flags: dict[str, Any], on_ready: Ready) -> None:
    """Serve until the server is stopped; all accepted calls are committed on return.

    Args:
        flags: as `checked` returns them.
        on_ready: called once calls are accepted and the files are written, with the running server
            and the content of the ready file.
    """
    gc.disable()  # nearly all objects of a start stay alive, so collecting only costs time
    from mock_qualtrics.server import server  # noqa: PLC0415  --help must not pay for it

    files = _files(flags)
    path: Path | None = flags["workflows"]
    stamp = stamp_of(path) if path else None
    workflows = read_workflows(path) if path else []

    def announce(running: "RunningServer") -> None:
        if path:
            WorkflowsFile(path, running.engine, workflows, stamp).watch()
        gc.freeze()  # later collections skip the objects of the start
        gc.enable()
        tenant = running.engine.tenants.default
        document = ready_document(running.url, tenant.to_mapping(running.url), files.ca_path)
        _warn_of_ignored_flags(running, flags)
        files.write(document)
        on_ready(running, document)

    try:
        server.serve(
            settings_from(flags), flags["host"], flags["port"], tls=files.tls, on_ready=announce
        )
    finally:
        gc.unfreeze()
        gc.enable()
        files.end()


@contextlib.contextmanager
def refusals_explained(flags: dict[str, Any]) -> Iterator[None]:
    """Tell in words what keeps a server from starting.

    Raises:
        CannotServeError: instead of the error.
    """
    try:
        yield
    except InvalidSettingsError as error:
        problems = [f"{error.what}: {violation}" for violation in error.violations]
        raise CannotServeError(*problems) from None
    except MockError as error:
        raise CannotServeError(str(error)) from None
    except OSError as error:
        raise CannotServeError(_explanation(error, flags["host"], flags["port"])) from None


def settings_from(flags: dict[str, Any]) -> Settings:
    """Return the settings that the flags describe."""
    settings = Settings(
        store=flags["store"],
        memory_bytes=flags["memory_megabytes"] * MEGABYTE,
        kept_body_bytes=flags["kept_body_bytes"],
        durability=flags["durability"],
        seed=flags["seed"],
        clock=flags["clock"],
        limits=Limits(flags["calls_per_minute"], flags["payload_bytes"], flags["runs_per_day"]),
        window=flags["window"],
        wire_faults=flags["wire_faults"],
        log_calls=flags["log_calls"],
        control_token=flags["control_token"] or None,
        allowed_hosts=tuple(flags["allowed_host"]),
        public_url=flags["public_url"],
        ca_file=str(flags["ca_file"].absolute()) if flags["tls"] else None,
        web_service_calls=flags["web_service_calls"],
        web_service_hosts=tuple(flags["web_service_host"]),
    )
    if not flags["assume"]:
        return settings
    from mock_qualtrics.tenants.settings_documents import assuming  # noqa: PLC0415  few starts need it

    return assuming(settings, dict(map(_assumption, flags["assume"])))


def _assumption(text: str) -> tuple[str, Any]:
    name, equals, value = text.partition("=")
    if not equals:
        raise CannotServeError(f"--assume {text}: expected NAME=VALUE")
    try:
        return name.removeprefix("assumptions."), exact_json.loads(value)
    except ValueError:
        return name.removeprefix("assumptions."), value


def _explanation(error: OSError, host: str, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"port {port} is taken on {host} (address already in use): --port 0 takes a free one"
    if error.filename is not None:
        return f"{error.filename}: {error.strerror}"
    return f"cannot listen on {host}, port {port}: {error.strerror or error}"


def _control_token(given: str | None) -> str | None:
    """Return the token without the line end of a file, or refuse one that nobody could show."""
    token = without_line_end(given or "")
    if token_is_wrapped(token):
        problem = "found a blank or a byte order mark around it, expected the token alone"
    elif not token_fits_a_header(token):
        problem = (
            "found a character that no HTTP header can have, expected one line of Latin-1 without "
            "control characters"
        )
    else:
        return token or None
    raise click.UsageError(f"{_token_source()}: {problem}")


def _token_source() -> str:
    """Return where the control token came from, as its user gave it."""
    context = click.get_current_context()
    if (file := context.params.get("control_token_file")) is not None:
        return f"--control-token-file {file}"
    given = context.get_parameter_source("control_token")
    return "--control-token" if given is ParameterSource.COMMANDLINE else CONTROL_TOKEN_VARIABLE


def _refuse_open_access(host: str, control_token: str | None) -> None:
    if not is_loopback(host) and not control_token:
        raise click.UsageError(
            f"Binding to {host} lets others in: set MOCK_QUALTRICS_CONTROL_TOKEN or give "
            "--control-token-file too, or bind to 127.0.0.1."
        )


def _refuse_wrong_hosts(flags: dict[str, Any]) -> None:
    if flags["web_service_host"] and not flags["web_service_calls"]:
        raise click.UsageError(
            "--web-service-host allows calls that are not made: give --web-service-calls too"
        )
    from mock_qualtrics.runs.web_services.web_service import is_host  # noqa: PLC0415  --help must not pay for it

    for host in flags["web_service_host"]:
        if not is_host(host):
            raise click.UsageError(
                f"--web-service-host {host}: expected a host alone, such as api.example"
            )


def _refuse_missing_folders(*files: Path | None) -> None:
    for file in files:
        if file is not None:
            _refuse_unusable(file)


def _refuse_unusable(file: Path) -> None:
    try:
        if not file.absolute().parent.is_dir():
            raise click.UsageError(f"{file}: its folder does not exist")
        if file.exists() and not file.is_file():
            raise click.UsageError(f"{file}: expected a regular file, or none yet")
    except OSError as error:  # such as a name that is too long
        raise click.UsageError(f"{file}: {error.strerror}") from None


def _files(flags: dict[str, Any]) -> ServedFiles:
    files = ServedFiles(flags["ready_file"])
    if files.is_left_over:
        click.echo(
            f"{flags['ready_file']}: an earlier server left it behind; "
            "it is replaced once calls are accepted",
            err=True,
        )
    if flags["tls"]:
        public = [host_of(flags["public_url"])] if flags["public_url"] else []
        files.certify(flags["ca_file"], (flags["host"], *flags["allowed_host"], *public))
    return files


def _warn_of_ignored_flags(running: "RunningServer", flags: dict[str, Any]) -> None:
    """Warn of flags that have no effect, because an existing store has other values."""
    stored = {
        "seed": running.engine.settings.seed,
        "clock": running.engine.tenants.default.settings.clock,
    }
    for name, value in stored.items():
        if name in flags["given"] and flags[name] != value:
            click.echo(
                f"warning: --{name} {flags[name]} is ignored: the store was made with {value}",
                err=True,
            )

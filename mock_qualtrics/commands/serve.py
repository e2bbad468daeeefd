"""``mock-qualtrics serve``: turn flags into settings, run the server, explain errors."""

import errno
import gc
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from contracts import exact_json
from contracts.control_token import control_token_options
from contracts.credentials import token_fits_a_header, token_is_wrapped, without_line_end
from contracts.terminal import printable
from mock_qualtrics.commands.logs import log_to_stderr
from mock_qualtrics.commands.ready_file import ready_document
from mock_qualtrics.commands.served_files import ServedFiles
from mock_qualtrics.commands.welcome import welcome
from mock_qualtrics.commands.workflows_file import WorkflowsFile, read_workflows, stamp_of
from mock_qualtrics.errors import InvalidSettingsError, MockError
from mock_qualtrics.settings import Limits, Settings
from mock_qualtrics.web.access import is_loopback
from mock_qualtrics.web.public_url import host_of, public_url

if TYPE_CHECKING:
    from mock_qualtrics.server import RunningServer
    from mock_qualtrics.tenants.tenant import Tenant

EXAMPLE = "Example: mock-qualtrics serve --port 0 --store sqlite:///mock.db --ready-file ready.json"
DEFAULTS = Settings()
MEGABYTE = 1_000_000


def _public_url(text: str | None) -> str | None:
    try:
        return None if text is None else public_url(text)
    except ValueError as error:
        raise click.BadParameter(f"{text!r}: {error}") from None


@click.command(epilog=EXAMPLE)
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to bind.")
@click.option(
    "--port",
    default=8084,
    show_default=True,
    type=click.IntRange(0, 65_535),
    help="Port to bind; 0 takes a free one.",
)
@click.option(
    "--store",
    default=DEFAULTS.store,
    show_default=True,
    metavar="memory|sqlite:///PATH|postgresql+psycopg://…",
    help="Where the journal is kept. A password of PostgreSQL is better set as PGPASSWORD: every "
    "user of this machine can read the list of processes.",
)
@click.option(
    "--memory-megabytes",
    type=click.IntRange(1),
    default=DEFAULTS.memory_bytes // MEGABYTE,
    show_default=True,
    help="The bound of a store in memory; past it the oldest calls and runs are dropped, but none "
    "that still waits.",
)
@click.option(
    "--kept-body-bytes",
    type=click.IntRange(0, 1_000_000),
    default=DEFAULTS.kept_body_bytes,
    show_default=True,
    help="How much is kept of the body of a refused call, without credentials.",
)
@click.option(
    "--workflows",
    type=click.Path(path_type=Path),
    metavar="FILE.toml",
    help="The default tenant's workflows; read again when the file changes.",
)
@click.option(
    "--clock",
    type=click.Choice(["real", "virtual", "skipping"]),
    default="real",
    show_default=True,
    help="The default tenant's clock: a virtual one moves only when advanced; a skipping one goes "
    "with real time, and jumps to what is due next whenever somebody waits for runs.",
)
@click.option(
    "--seed", type=int, default=0, show_default=True, help="The seed of all ids and random choices."
)
@click.option(
    "--durability",
    type=click.Choice(["process", "full"]),
    default="process",
    show_default=True,
    help="What the journal survives: kill -9, or power loss too.",
)
@click.option(
    "--calls-per-minute",
    type=click.IntRange(0),
    default=DEFAULTS.limits.calls_per_minute,
    show_default=True,
    help="The brand's rate limit.",
)
@click.option(
    "--payload-bytes",
    type=click.IntRange(0),
    default=DEFAULTS.limits.payload_bytes,
    show_default=True,
    help="The largest body accepted.",
)
@click.option(
    "--runs-per-day",
    type=click.IntRange(0),
    default=DEFAULTS.limits.runs_per_day,
    show_default=True,
    help="Runs past it are blocked.",
)
@click.option(
    "--window",
    type=click.Choice(["sliding", "fixed"]),
    default="sliding",
    show_default=True,
    help="How the minute is counted.",
)
@click.option(
    "--assume",
    multiple=True,
    metavar="NAME=VALUE",
    help="Change an assumption, for example acceptedStatus=200; repeatable. Takes what "
    "`qualtrics-contracts fidelity` lists under `assumptions.`, and no other setting.",
)
@click.option("--wire-faults", is_flag=True, help="Let faults break connections.")
@click.option(
    "--web-service-calls",
    is_flag=True,
    help="Let web_service tasks really call their URLs: on loopback only, never this server.",
)
@click.option(
    "--web-service-host",
    multiple=True,
    metavar="HOST",
    help="A further host that web_service tasks may call, without scheme or port; repeatable.",
)
@click.option(
    "--ready-file",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Written once calls are accepted (mode 0600).",
)
@control_token_options("Required by the control API and the pages; needed beyond loopback.")
@click.option("--allowed-host", multiple=True, help="A further name for this server; repeatable.")
@click.option(
    "--public-url",
    metavar="URL",
    callback=lambda _context, _option, url: _public_url(url),
    help="The address at which others reach this server, as in a container: http or https, host "
    "and perhaps port, no path. It is printed and stands in the ready file and in all URLs of the "
    "control API; its host counts as one of --allowed-host.",
)
@click.option("--tls", is_flag=True, help="Serve https with a new certificate.")
@click.option(
    "--ca-file",
    type=click.Path(dir_okay=False, path_type=Path),
    default=Path("mock-qualtrics-ca.pem"),
    show_default=True,
    help="Where --tls writes the certificate authority.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the ready file's content instead.")
def serve(**flags: Any) -> None:  # noqa: ANN401  click's own values
    """Serve until interrupted: the JSON Event, its workflows, and their Run history."""
    flags["control_token"] = _control_token(flags["control_token"])
    _refuse_open_access(flags["host"], flags["control_token"])
    _refuse_wrong_hosts(flags)
    _refuse_missing_folders(flags["ready_file"], flags["ca_file"] if flags["tls"] else None)
    log_to_stderr()
    try:
        _run(flags)
    except InvalidSettingsError as error:
        lines = "\n".join(f"  {violation}" for violation in error.violations)
        raise CannotServeError(f"{error.what}:\n{lines}") from None
    except MockError as error:
        raise CannotServeError(str(error)) from None
    except OSError as error:
        raise CannotServeError(_explanation(error, flags["host"], flags["port"])) from None


class CannotServeError(click.ClickException):
    """The server cannot start although the flags are well-formed; printed without usage."""

    exit_code = 2

    def __init__(self, message: str) -> None:
        super().__init__(printable(message, keep="\n"))


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
        raise click.UsageError(
            "--control-token (or MOCK_QUALTRICS_CONTROL_TOKEN): found a blank or a byte order mark "
            "around it, expected the token alone"
        )
    if not token_fits_a_header(token):
        raise click.UsageError(
            "--control-token (or MOCK_QUALTRICS_CONTROL_TOKEN): found a character that no HTTP "
            "header can have, expected one line of Latin-1 without control characters"
        )
    return token or None


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
        control_token=flags["control_token"] or None,
        allowed_hosts=tuple(flags["allowed_host"]),
        public_url=flags["public_url"],
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


def _run(flags: dict[str, Any]) -> None:
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
        click.echo(json.dumps(document) if flags["as_json"] else _welcome(tenant, document, flags))

    try:
        server.serve(
            settings_from(flags), flags["host"], flags["port"], tls=files.tls, on_ready=announce
        )
    finally:
        gc.enable()
        files.end()


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


def _welcome(tenant: "Tenant", document: dict[str, Any], flags: dict[str, Any]) -> str:
    # Imported only here, because programs wait for the ready file and need no sample event.
    from mock_qualtrics.commands.sample_event import sample_event  # noqa: PLC0415  see above

    settings = [workflow.settings.to_mapping() for workflow in tenant.workflows]
    event = sample_event(settings[0]) if settings else {}
    warnings = [text for workflow in tenant.workflows for text in workflow.warnings()]
    return welcome(
        document, flags["store"], event, wire_faults=flags["wire_faults"], warnings=warnings
    )


def _warn_of_ignored_flags(running: "RunningServer", flags: dict[str, Any]) -> None:
    """Warn of flags that have no effect, because an existing store has other values."""
    stored = {
        "seed": running.engine.settings.seed,
        "clock": running.engine.tenants.default.settings.clock,
    }
    context = click.get_current_context()
    for name, value in stored.items():
        was_given = context.get_parameter_source(name) is ParameterSource.COMMANDLINE
        if was_given and flags[name] != value:
            click.echo(
                f"warning: --{name} {flags[name]} is ignored: the store was made with {value}",
                err=True,
            )

"""Which running mock and tenant a command asks, and what it says when no answer comes.

Exit codes: 1 the mock does not answer, or knows no such thing; 2 what it was asked for is wrong.
"""

import functools
from collections.abc import Callable, Iterable, Mapping, Sequence
from difflib import get_close_matches
from typing import Any, Final, NoReturn

import click

from contracts import exact_json
from contracts.addresses import is_server_url, mock_address_of, shown_address
from contracts.control_explanations import explanation
from contracts.control_token import control_token_options
from contracts.errors import ControlError, ControlRefusedError, ControlTokenError
from contracts.redaction import redact
from contracts.terminal import printable

URL_VARIABLE: Final = "MOCK_QUALTRICS_URL"
DEFAULT_URL: Final = "http://127.0.0.1:8084"
TIMEOUT_SECONDS: Final = 10.0
LISTED: Final = 20  # known names in an error
_INTERRUPTED: Final = 3
_WRONG_STATUSES: Final = frozenset({400, 409, 413, 422})


class WrongRequestError(click.ClickException):
    """The mock does not do what it was asked for; printed without usage."""

    exit_code = 2


class RunningMock:
    """A running mock, and the tenant that a command is about.

    Args:
        url: the mock's address.
        tenant_id: the tenant that was named; None for the default one.
        control_token: for a mock that was started with one.

    Attributes:
        control: the client of its control API.
        url: its address, without a slash at the end.
        tenant_id: as given.
    """

    def __init__(self, url: str, tenant_id: str | None, control_token: str | None) -> None:
        from contracts.control_client import ControlClient, control_url_of  # noqa: PLC0415  --help must not pay for it

        self.url = url
        self.tenant_id = tenant_id
        self.control = ControlClient(
            control_url_of(url), control_token, timeout_seconds=TIMEOUT_SECONDS
        )

    def tenant(self) -> dict[str, Any]:
        """Return the tenant that was named, or else the default one, which is the first.

        Raises:
            click.UsageError: there is no such tenant; names those that there are.
        """
        tenants = self.control.tenants()
        if self.tenant_id is None and tenants:
            return tenants[0]
        for tenant in tenants:
            if tenant["id"] == self.tenant_id:
                return tenant
        raise unknown("tenant", _ids(tenants), self.tenant_id)

    def tenants(self) -> list[dict[str, Any]]:
        """Return the tenant that was named, or else all.

        Raises:
            click.UsageError: there is no such tenant; names those that there are.
        """
        return self.control.tenants() if self.tenant_id is None else [self.tenant()]

    def workflow(self, name: str | None) -> dict[str, Any]:
        """Return the tenant's workflow of this name or id; without one its only workflow.

        Raises:
            click.UsageError: there is no such workflow, or more than one; names those there are.
        """
        workflows = self.tenant()["workflows"]
        found = [flow for flow in workflows if name in (None, flow["id"], flow["name"])]
        if len(found) == 1:
            return dict(found[0])
        known = [f"{flow['name']} ({flow['id']})" for flow in workflows]
        if found:
            raise click.UsageError(f"there are {len(found)} workflows: name one of {_few(known)}")
        names = [str(flow["name"]) for flow in workflows]
        raise unknown("workflow", known, name, names)


def asks_a_mock(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options of all commands that ask a mock, and tell its errors in one sentence.

    The command receives ``mock``, a `RunningMock`, and ``as_json``.
    """

    @functools.wraps(command)
    def asking(
        url: str,
        tenant: str | None,
        control_token: str | None,
        **values: Any,  # noqa: ANN401  the values of any options
    ) -> None:
        try:
            command(mock=RunningMock(url, tenant, control_token), **values)
        except ControlError as error:
            _fail(url, error, has_token=bool(control_token))
        except KeyboardInterrupt:
            click.echo("Interrupted; run the command again to go on.", err=True)
            raise SystemExit(_INTERRUPTED) from None

    with_token = control_token_options("The token that the mock was started with.")(asking)
    return _url_option(_tenant_option(_json_option(with_token)))


def unknown(
    kind: str, known: Iterable[str], given: str | None = None, names: Sequence[str] = ()
) -> click.UsageError:
    """Return the error about a name that is not known; it names those that are.

    Args:
        kind: what it should name.
        known: what there is, as it is listed.
        given: the name; None when there is nothing at all.
        names: those of them that people choose, of which one may be meant; no numbered ids.
    """
    listed = list(known)
    close = _closest(given or "", names)
    hint = f" (did you mean {close!r}?)" if close else ""
    rest = f"; known: {_few(listed)}" if listed else "; there is none yet"
    named = f"{kind} {given}" if given else kind
    return click.UsageError(printable(f"there is no {named}{hint}{rest}"))


def _closest(given: str, names: Sequence[str]) -> str | None:
    by_form = {name.casefold(): name for name in names}
    close = get_close_matches(given.casefold(), by_form, n=1)
    return by_form[close[0]] if close else None


def say(document: Mapping[str, Any], sentence: str, *, as_json: bool) -> None:
    """Print what has happened: the document as JSON, or a sentence about it."""
    click.echo(exact_json.dumps(document) if as_json else printable(sentence))


def mock_address(url: str) -> str:
    """Return a mock's address, from any URL of its pages, its control API or its triggers.

    Raises:
        click.BadParameter: it is no URL of a server.
    """
    if not is_server_url(url):
        shown = redact(url)
        raise click.BadParameter(f"{shown!r}: expected http://HOST:PORT or https://HOST:PORT")
    return mock_address_of(url)


def _ids(documents: Iterable[Mapping[str, Any]]) -> list[str]:
    return [str(document["id"]) for document in documents]


def _few(names: list[str]) -> str:
    more = f" and {len(names) - LISTED} more" if len(names) > LISTED else ""
    return ", ".join(names[:LISTED]) + more


def _fail(url: str, error: ControlError, *, has_token: bool) -> NoReturn:
    if isinstance(error, ControlTokenError):
        text = "the control token: expected ASCII characters only, without a blank around them"
    else:
        text = f"The mock at {shown_address(url)}: {explanation(error, has_token=has_token)}"
    is_wrong = isinstance(error, ControlRefusedError) and error.status in _WRONG_STATUSES
    raise (WrongRequestError if is_wrong else click.ClickException)(printable(text)) from None


_url_option: Final = click.option(
    "--url",
    default=DEFAULT_URL,
    show_default=True,
    envvar=URL_VARIABLE,
    show_envvar=True,
    callback=lambda _context, _option, url: mock_address(url),
    help="The mock's address.",
)
_tenant_option: Final = click.option(
    "--tenant",
    metavar="ID",
    help="The tenant; by default the one that the mock was started with.",
)
_json_option: Final = click.option("--json", "as_json", is_flag=True, help="Print JSON.")

"""The curl line that repeats a call, as far as it is kept. Pure.

It names credentials by variables and holds none; those that were refused are not kept. The line of
a new call is that of `mock_qualtrics.web.curl_line`.
"""

import shlex
import urllib.parse
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from contracts.redaction import HIDDEN
from mock_qualtrics.engine.call_details import URL_TOKEN
from mock_qualtrics.gate.credentials import AUTHORIZATION_HEADER, TOKEN_HEADER
from mock_qualtrics.web.curl_line import reaching

if TYPE_CHECKING:
    from mock_qualtrics.tenants.workflow import Workflow

BODY_FILE: Final = "event.json"
"""The file that has the body, where it does not stand in the line."""
LONGEST_IN_LINE: Final = 2_000
"""The longest body, in characters, that stands in the line itself."""
_UNREADABLE: Final = {"malformed-credential": "Basic ***", "unsupported-credential": "***"}
_OF_CURL: Final = frozenset(
    {"accept", "accept-encoding", "connection", "content-length", "expect", "host"}
    | {"transfer-encoding", "user-agent", AUTHORIZATION_HEADER, TOKEN_HEADER}
)


def repeat_line(
    call: Mapping[str, Any],
    query: str,
    workflow: "Workflow | None",
    base_url: str,
    shown_body: str | None,
    ca_file: str | None = None,
) -> str:
    """Return the curl line that repeats a call, with its credentials as variables.

    Args:
        call: its details.
        query: its query as it is kept, with the ends of ids.
        workflow: the workflow that the URL names, whose whole ids stand in the line.
        base_url: scheme, host and port of this server.
        shown_body: the body as the page shows it: one that is masked does not stand in the line.
        ca_file: the certificate authority, with ``--tls``.
    """
    whole = query if workflow is None else whole_query(query, workflow)
    headers = dict(call["headers"])
    if call["traceId"]:
        headers["x-trace-id"] = call["traceId"]
    has_none = call["reason"] == "no-credential"
    empty = frozenset({TOKEN_HEADER, AUTHORIZATION_HEADER}) if has_none else frozenset()
    url = f"{base_url}{urllib.parse.quote(call['path'])}{f'?{whole}' if whole else ''}"
    words = _words(
        call["method"],
        url,
        headers,
        _body_in_line(call, shown_body),
        empty=empty,
        authorization=_UNREADABLE.get(call["reason"]),
    )
    return " ".join(["curl", *map(shlex.quote, reaching(url, ca_file)), *words])


def _body_in_line(call: Mapping[str, Any], shown: str | None) -> str | None:
    if not call["bodyBytes"]:
        return ""
    is_whole = shown is not None and shown == call["body"] and not call["notes"]
    return shown if is_whole and len(shown or "") <= LONGEST_IN_LINE else None


def whole_query(query: str, workflow: "Workflow") -> str:
    """Return a kept query with the whole ids of the workflow that it names."""
    ids = {
        URL_TOKEN: workflow.url_token_id,
        "triggerId": workflow.trigger_id,
        "contextId": workflow.context_id,
        "userId": workflow.user_id,
        "brandId": workflow.brand_id,
    }
    pairs = urllib.parse.parse_qsl(query, keep_blank_values=True)
    return urllib.parse.urlencode([(name, ids.get(name, value)) for name, value in pairs])


def _words(
    method: str,
    url: str,
    headers: Mapping[str, str],
    body: str | None = None,
    *,
    empty: frozenset[str] = frozenset(),
    authorization: str | None = None,
) -> list[str]:
    """Return what follows in the line; the token and the username are those of the environment.

    Args:
        method: the method.
        url: the whole URL.
        headers: the headers as they are kept, with lower-case names; those whose values are hidden
            are left out, but for the credentials.
        body: the body; None for what stands in the file `BODY_FILE`, empty for none.
        empty: the names of headers that arrived without a value.
        authorization: the header Authorization, where it is no HTTP Basic that can be read.
    """
    words = ["-i", *(() if method == "POST" and body != "" else ("-X", method))]
    words += [shlex.quote(url), *_credentials(headers, empty, authorization)]
    for name, value in headers.items():
        if name not in _OF_CURL and value != HIDDEN:
            words += ["-H", shlex.quote(f"{name}: {value}" if value else f"{name};")]
    if body != "" and "content-type" not in headers:
        words += ["-H", "'content-type:'"]  # otherwise curl sends that of a form
    if body is None:
        words += ["--data-binary", f"@{BODY_FILE}"]
    elif body:
        words += ["--data-raw", shlex.quote(body)]
    return words


def _credentials(
    headers: Mapping[str, str], empty: frozenset[str], authorization: str | None
) -> list[str]:
    basic = '-u "$QUALTRICS_USERNAME:$QUALTRICS_API_TOKEN"'
    if authorization is not None:
        basic = f"-H {shlex.quote(f'Authorization: {authorization}')}"
    written = {TOKEN_HEADER: '-H "X-API-TOKEN: $QUALTRICS_API_TOKEN"', AUTHORIZATION_HEADER: basic}
    return [
        f"-H {shlex.quote(f'{name};')}" if name in empty else text
        for name, text in written.items()
        if name in headers
    ]

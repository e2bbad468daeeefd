"""The text that ``serve`` prints on start: URLs, credentials and a curl line."""

from collections.abc import Iterable, Mapping
from typing import Any

from contracts import CONTROL_PATH, __version__
from contracts.terminal import printable
from mock_qualtrics.web.curl_line import curl_line


def welcome(
    document: dict[str, Any],
    store: str,
    event: Mapping[str, Any],
    *,
    wire_faults: bool = False,
    warnings: Iterable[str] = (),
) -> str:
    """Return the text that is printed on start: URLs, credentials and a curl line.

    Args:
        document: the contents of the ready file.
        store: the value of ``--store``.
        event: the event that the curl line sends.
        wire_faults: whether faults may break connections.
        warnings: a sentence for each thing that Qualtrics may not take as the mock does.
    """
    tenant = document["tenant"]
    workflow = tenant["workflows"][0] if tenant["workflows"] else None
    in_memory = "in memory: gone when this ends (keep it with --store sqlite:///mock-qualtrics.db)"
    rows = {
        "Journal": in_memory if store == "memory" else "on disk",
        "Trigger URL": workflow["triggerUrl"] if workflow else "no workflow yet",
        "Username": tenant["username"],
        "API token": tenant["apiToken"],
        "Control API": document["controlUrl"],
        "Run history": document["pageUrl"],
    }
    if tenant.get("clock") == "virtual":
        advance = f"{CONTROL_PATH}/tenants/{tenant['id']}/clock/advance"
        rows["Clock"] = f"virtual: it moves only by POST {advance}"
    if tenant.get("clock") == "skipping":
        rows["Clock"] = "skipping: a wait for runs makes it jump to what is due next"
    if wire_faults:
        rows["Wire faults"] = "on: faults may break connections"
    if "caFile" in document:
        rows["CA"] = f"{document['caFile']} (point REQUESTS_CA_BUNDLE at it)"
    lines = [f"mock-qualtrics {__version__} listens at {document['url']}", ""]
    lines += [f"  {name:<12} {value}" for name, value in rows.items()]
    lines += [f"  {'Warning':<12} {warning}" for warning in warnings]
    if workflow:
        url, token = workflow["triggerUrl"], tenant["apiToken"]
        lines += ["", "Try it:", "", curl_line(url, event, token, document.get("caFile"))]
    return printable("\n".join([*lines, ""]), keep="\n")

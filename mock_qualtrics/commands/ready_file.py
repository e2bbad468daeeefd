"""The ready file: the server's URLs and credentials, written once it accepts calls."""

import json
from collections.abc import Mapping
from typing import Any

from contracts import CONTROL_PATH

_KEYS = {"url", "pageUrl", "controlUrl", "tenant"}


def ready_document(url: str, tenant: Mapping[str, Any], ca_file: str | None) -> dict[str, Any]:
    """Return the contents of the ready file, which match the schema ``ready-file``.

    Args:
        url: the server's URL, without a trailing slash.
        tenant: the default tenant as the control API shows it, with its token.
        ca_file: the path of the certificate authority, with ``--tls``.
    """
    document = {
        "url": url,
        "pageUrl": f"{url}/runs",
        "controlUrl": url + CONTROL_PATH,
        "tenant": dict(tenant),
    }
    return document if ca_file is None else {**document, "caFile": ca_file}


def as_content(document: Mapping[str, Any]) -> bytes:
    """Return what the file holds."""
    return (json.dumps(document, indent=2) + "\n").encode()


def is_ready_document(content: bytes) -> bool:
    """Return whether a file's content is a ready file's."""
    try:
        document = json.loads(content)
    except (ValueError, RecursionError):
        return False
    return isinstance(document, dict) and document.keys() >= _KEYS

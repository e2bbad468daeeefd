"""The ready file: the server's URLs and credentials, written once it accepts calls."""

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from contracts import CONTROL_PATH


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


def write_ready_file(path: Path, document: Mapping[str, Any]) -> None:
    """Write the file atomically, readable only by its owner (mode 0600).

    Raises:
        OSError: the folder does not exist or cannot be written.
    """
    import tempfile  # noqa: PLC0415  a start without a ready file must not pay for it

    # Other processes wait for the file to appear, so it must be complete when it does.
    descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            json.dump(document, file, indent=2)
            file.write("\n")
        Path(temporary).replace(path)
    except OSError:
        Path(temporary).unlink(missing_ok=True)
        raise

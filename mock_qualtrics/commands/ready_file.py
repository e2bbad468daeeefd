"""The file that says where the server is and with which credential: whole, or not there."""

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from contracts import CONTROL_PATH


def ready_document(url: str, tenant: Mapping[str, Any], ca_file: str | None) -> dict[str, Any]:
    """Return what the file says; it matches the schema ``ready-file``.

    Args:
        url: the server's, without a trailing slash.
        tenant: the default tenant as the control API shows it, its token included.
        ca_file: where the certificate authority was written, with ``--tls``.
    """
    document = {
        "url": url,
        "pageUrl": f"{url}/runs",
        "controlUrl": url + CONTROL_PATH,
        "tenant": dict(tenant),
    }
    return document if ca_file is None else {**document, "caFile": ca_file}


def write_ready_file(path: Path, document: Mapping[str, Any]) -> None:
    """Write the file in one step, readable by its owner only (mode 0600).

    Raises:
        OSError: the folder does not exist or cannot be written.
    """
    import tempfile  # noqa: PLC0415  a start that writes no file need not wait for it

    descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            json.dump(document, file, indent=2)
            file.write("\n")
        Path(temporary).replace(path)
    except OSError:
        Path(temporary).unlink(missing_ok=True)
        raise

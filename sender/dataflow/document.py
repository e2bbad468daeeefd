"""Reads the document that a dataflow is made of: a TOML file, or a mapping with dates in it."""

import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from contracts.documents import parse_toml
from sender.errors import DataflowError


def read_toml(path: Path) -> dict[str, Any]:
    """Return the document in a file.

    Raises:
        DataflowError: the file cannot be read, or is not TOML.
    """
    try:
        text = path.read_bytes().decode("utf-8-sig")
        return parse_toml(text)
    except OSError as error:
        problem = f"cannot be read: {error.strerror or 'an unreadable file'}"
    except UnicodeDecodeError as error:
        problem = f"no text in UTF-8: byte {error.start} is invalid"
    except ValueError as error:
        problem = f"no TOML: {error}"
    raise DataflowError(str(path), [problem])


def with_iso_dates(value: Any) -> Any:  # noqa: ANN401  raw input has any type
    """Return the same values, with each date and time as an ISO text."""
    if isinstance(value, Mapping):
        return {key: with_iso_dates(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [with_iso_dates(inner) for inner in value]
    return value.isoformat() if isinstance(value, dt.date | dt.time) else value

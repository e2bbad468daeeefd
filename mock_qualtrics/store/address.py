"""Read a store's address: ``memory``, ``sqlite:///PATH`` or ``postgresql+psycopg://…``."""

from pathlib import Path
from typing import Final

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from mock_qualtrics.errors import StoreFailedError

MEMORY: Final = "memory"
EXPECTED: Final = "expected memory, sqlite:///PATH or postgresql+psycopg://…"
_BACKENDS: Final = ("sqlite", "postgresql")
_PORTS: Final = range(1, 65_536)
# What stands in the port's place may be a password whose @ is missing.
_WRONG_PORT: Final = (
    "found a port that is no number from 1 to 65535, "
    "expected postgresql+psycopg://USER:PASSWORD@HOST:PORT/DATABASE"
)
_SECOND_AT: Final = (
    "found a second @ in the address, expected one: write each @ of a password as %40, "
    "as in postgresql+psycopg://USER:PASS%40WORD@HOST:PORT/DATABASE"
)
_SECRETIVE: Final = ("@", "password", "passfile")


def read_address(url: str) -> URL | None:
    """Return the parts of a database's address; None for a store in memory.

    Raises:
        StoreFailedError: it is no address of a store; the message shows no password.
    """
    if url == MEMORY:
        return None
    parts = _parts(url)
    if parts.get_backend_name() not in _BACKENDS:
        raise StoreFailedError(f"{shown(url)}{EXPECTED}")
    if parts.get_backend_name() == "sqlite":
        _judge_path(parts, url)
    elif _has_second_at(parts, url):
        raise StoreFailedError(_SECOND_AT)
    return parts


def shown(url: str) -> str:
    """Return the address as a message shows it; nothing when a password may be in it."""
    hidden = not url or any(mark in url for mark in _SECRETIVE)
    return "" if hidden else f"found {url!r}, "


def _parts(url: str) -> URL:
    try:
        parts = make_url(url)
    except ArgumentError as error:
        raise StoreFailedError(f"{shown(url)}{EXPECTED}") from error
    except ValueError:
        raise StoreFailedError(_WRONG_PORT) from None  # the port is not shown, nor is the cause
    if parts.port is not None and parts.port not in _PORTS:
        raise StoreFailedError(_WRONG_PORT)
    return parts


def _has_second_at(parts: URL, url: str) -> bool:
    """Return whether the rest of a password stands in the place of the host or the database."""
    in_database = "@" in (parts.database or "") and "%40" not in url
    return "@" in (parts.host or "") or in_database


def _judge_path(parts: URL, url: str) -> None:
    path = parts.database
    if parts.host or path in (None, "", ":memory:") or path.startswith("file:"):
        raise StoreFailedError(f"{shown(url)}{EXPECTED}")
    if "\0" in path:
        raise StoreFailedError(f"found a NUL in the path, {EXPECTED}")
    if "?" in url:
        raise StoreFailedError(
            f"found settings behind the path ({url!r}), expected sqlite:///PATH; "
            "write a ? of the path as %3F"
        )
    try:
        wrong = Path(path).exists() and not Path(path).is_file()
    except OSError as error:
        raise StoreFailedError(f"{path}: {error.strerror}") from error
    if wrong:
        raise StoreFailedError(f"{path}: found no regular file, expected one or none yet")

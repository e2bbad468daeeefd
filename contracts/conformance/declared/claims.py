"""What a connector declares: what it does not claim, and the command that runs it.

In ``conformance.toml`` of the working folder, and on the command line, which adds claims and
replaces the command::

    without = ["retries", "mapping"]
    command = ["python", "connector.py"]
"""

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any, Final

from contracts.documents import read_documents
from contracts.errors import BrokenDocumentError, UnknownClaimError
from contracts.plain_files import check_plain_file

FILE: Final = "conformance.toml"
_KEYS: Final = ("without", "command")


@dataclass(frozen=True, slots=True)
class Declaration:
    """What a connector does not claim, and its command; empty for none."""

    without: frozenset[str] = frozenset()
    command: tuple[str, ...] = ()


def read_declaration(folder: Path) -> Declaration:
    """Return what ``conformance.toml`` in a folder says; nothing when there is none.

    Raises:
        UnreadableFileError: it cannot be read.
        BrokenDocumentError: it is no TOML, or says something else than what is expected.
    """
    path = folder / FILE
    if not os.path.lexists(path):  # a link that leads nowhere is no absent file
        return Declaration()
    check_plain_file(str(path))
    (document,) = read_documents(str(path), BytesIO())
    if isinstance(document, BrokenDocumentError):
        raise document
    return _declaration(FILE, document.value)


def declared(found: Declaration, without: Iterable[str], command: Sequence[str]) -> Declaration:
    """Return what a file and a command line say together."""
    return Declaration(found.without | frozenset(without), tuple(command) or found.command)


def check_claims(without: Iterable[str], known: frozenset[str]) -> None:
    """Look whether there is a scenario for each claim that is declined.

    Raises:
        UnknownClaimError: for one there is none.
    """
    for claim in sorted(without):
        if claim not in known:
            raise UnknownClaimError(claim, known)


def _declaration(path: str, document: Mapping[str, Any]) -> Declaration:
    for key, value in document.items():
        if key not in _KEYS:
            raise BrokenDocumentError(path, f"{key!r}: expected only {' and '.join(_KEYS)}")
        if not _is_texts(value):
            raise BrokenDocumentError(path, f"{key}: expected a list of texts, none of them empty")
        if any("\0" in each for each in value):  # no program can be given one
            raise BrokenDocumentError(path, f"{key}: expected texts without a null character")
    return Declaration(frozenset(document.get("without", ())), tuple(document.get("command", ())))


def _is_texts(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(each, str) and each for each in value)

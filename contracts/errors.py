"""Everything that this package raises on purpose.

::

    ContractsError
    ├── ProbeError                 a real account could not be asked
    ├── UnknownSchemaError         a schema's name that is none
    └── UnreadableFileError        a file that cannot be opened or read
        └── BrokenDocumentError    a file, or a line of one, that is no strict JSON or TOML
"""

from collections.abc import Iterable


class ContractsError(Exception):
    """The root: catch it to catch all that this package raises on purpose."""


class ProbeError(ContractsError):
    """A real account could not be asked, or gave no answer; the text holds no secret."""


class UnknownSchemaError(ContractsError):
    """There is no schema of that name.

    Attributes:
        name: the name that was asked for.
        known: the names there are, sorted.
    """

    def __init__(self, name: str, known: Iterable[str]) -> None:
        self.name = name
        self.known = tuple(sorted(known))
        super().__init__(f'no schema is called "{name}"; expected one of {", ".join(self.known)}')


class UnreadableFileError(ContractsError):
    """A file could not be read as what it should be.

    Attributes:
        path: the file as the caller named it; ``-`` is standard input.
        reason: what was wrong.
        line: the line the trouble was met at, counted from 1; None when it has no line.
    """

    def __init__(self, path: str, reason: str, line: int | None = None) -> None:
        self.path = path
        self.reason = reason
        self.line = line
        where = path if line is None else f"{path}:{line}"
        super().__init__(f"{where}: {reason}")


class BrokenDocumentError(UnreadableFileError):
    """What was read is no strict JSON or TOML document; other lines of the file may be."""

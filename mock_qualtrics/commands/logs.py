"""Log to stderr: one line per event, under the names of this package's modules."""

import logging
import sys

from contracts.terminal import printable

_UVICORN = "uvicorn"
_SERVER = "mock_qualtrics.server"


class _Names(logging.Formatter):
    """Format uvicorn's records under the name of the module that runs it."""

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802  the library's name
        renamed = logging.makeLogRecord(
            record.__dict__
        )  # a copy: other handlers get the record too
        if record.name.partition(".")[0] == _UVICORN:
            renamed.name = _SERVER
        renamed.message = printable(renamed.message)  # on one line, whatever is in it
        return super().formatMessage(renamed)

    def format(self, record: logging.LogRecord) -> str:
        """Return the line, and the lines of a traceback, with control characters as escapes."""
        return printable(super().format(record), keep="\n")


def log_to_stderr(level: int = logging.INFO) -> None:
    """Write all records of this level and above to stderr."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Names("%(levelname)s %(name)s: %(message)s"))
    logging.basicConfig(level=level, handlers=[handler])

"""How the server's log reads on stderr: one line an event, by names of our own."""

import logging
import sys

_UVICORN = "uvicorn"
_SERVER = "mock_qualtrics.server"


class _Names(logging.Formatter):
    """Writes the server library's lines under the name of the module that runs it."""

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802  the library's name
        named = logging.makeLogRecord(record.__dict__)
        if record.name.partition(".")[0] == _UVICORN:
            named.name = _SERVER
        return super().formatMessage(named)


def log_to_stderr() -> None:
    """Let everything from INFO on be written to stderr."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Names("%(levelname)s %(name)s: %(message)s"))
    logging.basicConfig(level=logging.INFO, handlers=[handler])

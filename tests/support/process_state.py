"""What one test could leave behind in its process, to be found by those after it."""

import logging
import signal
from collections.abc import Iterator

from support.inherited_signals import SIGNALS

PACKAGES = ("contracts", "loadtests", "mock_qualtrics", "sender")


def process_state() -> dict[str, object]:
    """Return how signals are handled, and what differs from the default of our own loggers."""
    return {
        "logging.disable": logging.root.manager.disable,
        "root logger": logging.root.level,
        **{number.name: signal.getsignal(number) for number in SIGNALS},
        **dict(_changed_loggers()),
    }


def _changed_loggers() -> Iterator[tuple[str, object]]:
    for name, log in list(logging.root.manager.loggerDict.items()):
        if isinstance(log, logging.Logger) and name.partition(".")[0] in PACKAGES:
            state = (log.level, log.disabled, log.propagate)
            if state != (logging.NOTSET, False, True):
                yield f"logger {name}", state

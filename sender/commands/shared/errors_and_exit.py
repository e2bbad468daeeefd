"""How every command shows errors and results, and with which code it exits."""

import contextlib
import errno
import json
import os
import sqlite3
import sys
from collections.abc import Iterable, Iterator
from typing import NoReturn

import click

from contracts.redaction import redact
from contracts.terminal import printable
from sender.errors import ConfigurationError
from sender.mapping.hints.status_hints import STATUS_HINT
from sender.text import printable_text

EXIT_FAILED = 1
SHOWN_HINTS = 3
EXIT_USAGE = 2
EXIT_INTERRUPTED = 3
_UNUSABLE_NAME = {errno.ENAMETOOLONG, errno.ELOOP, errno.ENOTDIR}


@contextlib.contextmanager
def reported_errors() -> Iterator[None]:
    """Print expected errors as text, and exit with the code for them."""
    try:
        yield
    except ConfigurationError as error:
        fail(str(error), EXIT_USAGE)
    except BrokenPipeError:
        drop_output()  # the reader closed the pipe, as `head` does
        sys.exit(EXIT_FAILED)
    except sqlite3.DatabaseError as error:
        fail(f"the outbox is damaged or cannot be written: {error}", EXIT_FAILED)
    except OSError as error:
        if error.errno == errno.ENOSPC:
            drop_output()
            fail("nothing more can be written: no space is left", EXIT_FAILED)
        if error.errno not in _UNUSABLE_NAME:
            raise
        fail(f"{error.filename}: {error.strerror}", EXIT_USAGE)


@contextlib.contextmanager
def nothing_sent_yet() -> Iterator[None]:
    """On Ctrl-C, exit as interrupted and say that nothing was sent."""
    try:
        yield
    except KeyboardInterrupt:
        tell("interrupted: nothing was sent; give the same command again")
        sys.exit(EXIT_INTERRUPTED)


def drop_output() -> None:
    """Discard what is still buffered for standard output, which nobody can read."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def drop_lost_terminal(descriptors: Iterable[int] = (1, 2)) -> None:
    """Discard from now on what goes to a terminal that was closed; writing to it is an error."""
    for descriptor in descriptors:
        try:
            os.get_terminal_size(descriptor)
        except OSError as error:
            if error.errno == errno.EIO:
                os.dup2(os.open(os.devnull, os.O_WRONLY), descriptor)


def tell(text: str) -> None:
    """Print one line on standard error, with control characters as escapes."""
    click.echo(printable_text(text), err=True)


def fail(text: str, code: int) -> NoReturn:
    """Print an error, with secrets hidden, and exit."""
    for line in text.splitlines():
        tell(f"error: {redact(line)}")
    sys.exit(code)


def explain_hints(hints: list[str]) -> None:
    """Say what profiles had in place of an identity or a status, the most frequent first."""
    of_statuses = [hint for hint in hints if hint.startswith(STATUS_HINT)]
    _explain("no mapped identity", [hint for hint in hints if hint not in of_statuses])
    _explain("no readable status", of_statuses)


def _explain(what: str, hints: list[str]) -> None:
    if hints:
        shown = "; ".join(hints[:SHOWN_HINTS])
        more = f"; and {len(hints) - SHOWN_HINTS} other kinds" * (len(hints) > SHOWN_HINTS)
        tell(f"note: {what}: {shown}{more}")


def counted(count: int, noun: str) -> str:
    """Return a number with its noun, as in ``1 message`` and ``2 messages``."""
    return f"{count} {noun}{'' if count == 1 else 's'}"


def print_json(value: object) -> None:
    """Print a value as JSON for people and programs."""
    click.echo(printable(json.dumps(value, indent=2, ensure_ascii=False), keep="\n"))

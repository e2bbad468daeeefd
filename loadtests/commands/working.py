"""Says on standard error that something is still being worked on, once it takes a while."""

import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

import click

from contracts.terminal import printable

AFTER_SECONDS: Final = 1.5
_EVERY_SECONDS: Final = 1.0
_ERASE: Final = "\r\033[K"


@contextmanager
def working(doing: Callable[[], str], after_seconds: float = AFTER_SECONDS) -> Iterator[None]:
    """Tell what is being done, if it takes longer: once, and on a terminal each second anew.

    Args:
        doing: returns what, in a few words; called from a thread of its own.
        after_seconds: how long nothing is said.
    """
    done = threading.Event()
    teller = threading.Thread(target=_tell, args=(doing, done, after_seconds), daemon=True)
    teller.start()
    try:
        yield
    finally:
        done.set()
        teller.join()


def _tell(doing: Callable[[], str], done: threading.Event, after_seconds: float) -> None:
    started = time.monotonic()
    if done.wait(after_seconds):
        return
    if not sys.stderr.isatty():
        click.echo(printable(doing()), err=True)
        return
    while True:
        seconds = time.monotonic() - started
        click.echo(f"{_ERASE}{printable(doing())} … {seconds:.0f} s", err=True, nl=False)
        if done.wait(_EVERY_SECONDS):
            break
    click.echo(_ERASE, err=True, nl=False)

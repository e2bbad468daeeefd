"""Runs one command as if it stood alone: its streams, its signals and its exit code are its own.

On a terminal the command stays in the foreground, where the terminal itself sends Ctrl-C to it.
Elsewhere it gets a process group of its own, so that a signal reaches what it has started too.
"""

import contextlib
import os
import signal
import subprocess
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from types import FrameType
from typing import Final

SIGNALLED: Final = 128  # a shell tells of a signal by this and its number
NOT_FOUND: Final = 127
NOT_EXECUTABLE: Final = 126
PATIENCE_SECONDS: Final = 10.0
POLL_SECONDS: Final = 0.02
SIGNAL_SECONDS: Final = 0.1  # how late a signal may be noticed that did not wake anybody
_NAMES: Final = ("SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT", "SIGUSR1", "SIGUSR2")
_FORWARDED: Final = tuple(
    getattr(signal, name)
    for name in _NAMES
    if hasattr(signal, name)  # Windows has few
)
_ENDING: Final = frozenset({"SIGTERM", "SIGHUP"})
_FROM_TERMINAL: Final = frozenset({"SIGINT", "SIGQUIT"})


class CannotStartError(Exception):
    """The command cannot be started.

    Attributes:
        exit_code: as a shell has it: 127 there is no such command, 126 it cannot be executed.
    """

    def __init__(self, message: str, exit_code: int) -> None:
        super().__init__(message)
        self.exit_code = exit_code


class SupervisedCommand:
    """One command, from before its start to after its end.

    Args:
        say: told in words when the command is killed because it did not end.
        patience_seconds: how long it may go on after SIGTERM or SIGHUP before it is killed.
    """

    def __init__(
        self, say: Callable[[str], None], patience_seconds: float = PATIENCE_SECONDS
    ) -> None:
        self._say = say
        self._patience_seconds = patience_seconds
        self._in_foreground = _is_in_foreground()
        self._own_group = hasattr(os, "killpg") and not self._in_foreground
        self._process: subprocess.Popen[bytes] | None = None
        self._is_starting = self._is_over = False
        self._early: list[int] = []
        self._timer: threading.Timer | None = None
        self._killed = threading.Event()

    @contextlib.contextmanager
    def taking_signals(self) -> Iterator[None]:
        """Forward signals to the command; before it is started they end this process as usual.

        A signal that is ignored stays so, as ``nohup`` asks.

        Raises:
            SystemExit: a signal came before the command was started.
        """
        before = {}
        for number in _FORWARDED:
            if signal.getsignal(number) is not signal.SIG_IGN:
                before[number] = signal.signal(number, self._take)
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def run(self, words: Sequence[str], environment: Mapping[str, str]) -> int:
        """Run the command to its end; return its exit code, of a signal as a shell tells it.

        Raises:
            CannotStartError: it cannot be started.
        """
        self._is_starting = True  # from here on no signal is lost, and none ends this process
        self._process = self._started(words, environment)
        for number in self._early:
            self._forward(number)
        try:
            code = _code(self._process)
            self._await_rest()
        finally:
            self._is_over = True  # its number may soon be another process's
            if self._timer is not None:
                self._timer.cancel()
        return code if code >= 0 else SIGNALLED - code

    def _started(
        self, words: Sequence[str], environment: Mapping[str, str]
    ) -> "subprocess.Popen[bytes]":
        try:
            return subprocess.Popen(
                words,
                env=environment,
                close_fds=False,  # a shell's <(…) and make's job server are the command's too
                process_group=0 if self._own_group else None,
            )
        except FileNotFoundError:
            if Path(words[0]).is_file():
                raise CannotStartError("its interpreter is not there", NOT_EXECUTABLE) from None
            raise CannotStartError("there is no such command", NOT_FOUND) from None
        except OSError as error:
            raise CannotStartError(str(error.strerror), NOT_EXECUTABLE) from None
        except ValueError as error:
            raise CannotStartError(str(error), NOT_EXECUTABLE) from None

    def _take(self, number: int, _frame: FrameType | None) -> None:
        if self._process is not None:
            self._forward(number)
        elif self._is_starting:
            self._early.append(number)
        else:
            raise SystemExit(SIGNALLED + number)

    def _forward(self, number: int) -> None:
        name = signal.Signals(number).name
        if name in _FROM_TERMINAL and self._in_foreground:
            return  # the terminal has sent it to the command as well
        self._send(number)
        if name in _ENDING and self._timer is None:
            self._timer = threading.Timer(self._patience_seconds, self._kill, [name])
            self._timer.daemon = True
            self._timer.start()

    def _send(self, number: int) -> None:
        process = self._process
        if process is None or self._is_over:
            return
        with contextlib.suppress(ProcessLookupError, PermissionError):  # it has ended
            if self._own_group:
                os.killpg(process.pid, number)
            else:
                process.send_signal(number)

    def _kill(self, name: str) -> None:
        self._say(f"the command did not end within {self._patience_seconds:g} s of {name}: killed")
        self._send(getattr(signal, "SIGKILL", signal.SIGTERM))
        self._killed.set()

    def _await_rest(self) -> None:
        """After a signal that ends the command, wait for what it has started; it is killed too."""
        while self._timer is not None and self._own_group and not self._killed.is_set():
            if not (self._process and _group_lives(self._process.pid)):
                return
            self._killed.wait(POLL_SECONDS)


def _group_lives(number: int) -> bool:
    """Return whether a process of the group still runs, and does not only wait to be asked."""
    try:
        os.killpg(number, 0)
    except (ProcessLookupError, PermissionError):
        return False
    states = [state for group, state in _processes() if group == number]
    return not states or any(state not in "ZX" for state in states)  # no states: not on Linux


def _processes() -> Iterator[tuple[int, str]]:
    """Yield the group and the state of every process, as Linux tells them."""
    for file in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):  # it has ended since
            state, _, group = file.read_text("utf-8", "replace").rpartition(")")[2].split()[:3]
            yield int(group), state


def _code(process: "subprocess.Popen[bytes]") -> int:
    """Wait for the end of a process, and take signals meanwhile; return its exit code."""
    ended = threading.Event()

    def wait() -> None:
        process.wait()
        ended.set()

    threading.Thread(target=wait, daemon=True).start()
    # A signal may be delivered to another thread, and does not wake this one then.
    while not ended.wait(SIGNAL_SECONDS):
        pass
    return process.wait()


def _is_in_foreground() -> bool:
    """Return whether this process is in the foreground of a terminal, which sends it Ctrl-C."""
    if not hasattr(os, "tcgetpgrp"):
        return False
    try:
        terminal = os.open("/dev/tty", os.O_RDONLY)
    except OSError:
        return False
    try:
        return os.tcgetpgrp(terminal) == os.getpgrp()
    except OSError:
        return False
    finally:
        os.close(terminal)

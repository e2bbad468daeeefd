"""What a session is started with, and what the processes that its tests start inherit of it."""

import signal

# Those that tests send, and SIGCHLD: where it is ignored, no process has an exit code.
_NAMES = ("SIGHUP", "SIGINT", "SIGQUIT", "SIGTERM", "SIGUSR1", "SIGUSR2", "SIGCHLD")
SIGNALS: tuple[signal.Signals, ...] = tuple(
    getattr(signal, name)
    for name in _NAMES
    if hasattr(signal, name)  # Windows has few
)


def keep_ignored_signals_here() -> None:
    """Go on ignoring what this process was told to ignore, but do not hand that on.

    ``nohup``, a script's ``&`` and some CI systems start a session with signals ignored. A started
    program ignores them too, whatever a test expects of it, and a shell cannot even trap them; but
    a signal that has a handler, such as one that does nothing, has its default in what is started.
    """
    for number in SIGNALS:
        if signal.getsignal(number) is signal.SIG_IGN:
            signal.signal(number, lambda *_: None)

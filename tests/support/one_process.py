"""A load test in this very process: what Locust does for it, without Locust.

Locust replaces the sockets of the process that imports it, so tests of whole processes start it as
a command. Here its part is small: messages between the sides, users that call, and events.
"""

from argparse import ArgumentParser, Namespace
from collections import defaultdict
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import gevent

from loadtests.running.coordinating import Coordinator
from loadtests.running.options.declarations import add_options
from loadtests.running.options.endpoint import endpoint_of
from loadtests.running.options.run_options import Options, options_of
from loadtests.running.preflight import Target, looked_up
from loadtests.running.sending.locust_side import LocustSide
from loadtests.running.sending.sending_side import BEGIN, HALT, PROGRESS, Sending
from support.waiting import DEADLINE_SECONDS


class Parser(ArgumentParser):
    """A parser that knows what Locust's own one knows beyond argparse."""

    def add_argument(self, *names: str, **settings: Any) -> Any:  # noqa: ANN401  argparse's
        for more in ("include_in_web_ui", "env_var"):
            settings.pop(more, None)
        return super().add_argument(*names, **settings)


def parsed(*words: str) -> Namespace:
    """Return what Locust would have parsed; some of its own options are there, too."""
    parser = Parser()
    add_options(parser)
    parser.set_defaults(headless=True, csv_prefix=None, autostart=False, autoquit=-1)
    return parser.parse_args(words)


class Hook:
    """One of Locust's events."""

    def __init__(self) -> None:
        self.listeners: list[Callable[..., Any]] = []
        self.fired: list[dict[str, Any]] = []

    def add_listener(self, listener: Callable[..., Any]) -> None:
        self.listeners.append(listener)

    def fire(self, **what: object) -> None:
        self.fired.append(what)
        for listener in self.listeners:
            listener(**what)


class Runner:
    """A runner whose messages arrive in the same process, a moment later."""

    def __init__(self) -> None:
        self.handlers: dict[str, Callable[..., Any]] = {}
        self.clients = SimpleNamespace(ready=[], spawning=[], running=[])
        self.sent: list[tuple[str, str | None]] = []
        self.ended: list[str] = []

    def register_message(self, kind: str, handler: Callable[..., Any]) -> None:
        self.handlers[kind] = handler

    def send_message(self, kind: str, data: object = None, client_id: str | None = None) -> None:
        self.sent.append((kind, client_id))
        if kind in self.handlers:
            gevent.spawn(self.handlers[kind], msg=SimpleNamespace(data=data), environment=None)

    def quit(self) -> None:
        self.ended.append("quit")

    def stop(self) -> None:
        self.ended.append("stop")


class OneProcess:
    """A load test, from its options to its end.

    Args:
        words: the options.
        users: how many connections there are.
    """

    def __init__(self, *words: str, users: int = 4) -> None:
        self.runner = Runner()
        self.events: defaultdict[str, Hook] = defaultdict(Hook)
        events = SimpleNamespace(
            **{
                name: self.events[name]
                for name in ("request", "test_start", "spawning_complete", "test_stopping", "quit")
            },
            quitting=self.events["quitting"],
        )
        environment = SimpleNamespace(parsed_options=parsed(*words), process_exit_code=None)
        self.environment = environment
        self.side = LocustSide(environment, self.runner, events, "alone")
        self.options: Options = options_of(self.side.options)
        self.target: Target = looked_up(self.options)
        environment.host = self.target.host
        self.sending = Sending(self.side)
        self.runner.register_message(BEGIN, self.sending.begin)
        self.runner.register_message(HALT, self.sending.halt)
        self.users = [gevent.spawn(self._use) for _ in range(users)]

    def coordinator(self) -> Coordinator:
        """Return what coordinates the run, and hears of its progress."""
        endpoint = endpoint_of(self.options.policy)
        coordinator = Coordinator(self.side, self.options, endpoint, self.target.totals())
        self.runner.register_message(PROGRESS, lambda msg, **_: coordinator.take_progress(msg.data))
        return coordinator

    def wait_until(self, holds: Callable[[], bool]) -> None:
        """Let the greenlets work until a condition holds."""
        with gevent.Timeout(DEADLINE_SECONDS):
            while not holds():
                gevent.sleep(0.01)

    def close(self) -> None:
        """End the users, and close the connections."""
        gevent.killall(self.users)
        if self.target.mock is not None:
            self.target.mock.control.close()

    def _use(self) -> None:
        generator, poster = self.sending.connected()
        try:
            while True:
                generator.make_next(poster.post)
        finally:
            poster.close()

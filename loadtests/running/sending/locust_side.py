"""Locust as a run needs it: its own annotations admit that there is no runner, and no options.

It does not import Locust, which would change the sockets of the process that does.
"""

from argparse import Namespace
from dataclasses import dataclass
from typing import Any, Final, Literal

Role = Literal["alone", "master", "worker"]

_MISSING: Final = "missing"  # as locust.runners.STATE_MISSING


@dataclass(frozen=True, slots=True)
class LocustSide:
    """One process of Locust, once it is initialised.

    Attributes:
        environment: Locust's.
        runner: its runner: of this process alone, of a master, or of a worker.
        events: its events.
        role: whether it coordinates, sends, or does both.
    """

    environment: Any
    runner: Any
    events: Any
    role: Role

    @property
    def options(self) -> Namespace:
        """What was parsed; the web page, and a worker's master, change it later."""
        parsed: Namespace | None = self.environment.parsed_options
        return Namespace() if parsed is None else parsed

    @property
    def is_headless(self) -> bool:
        """Whether there is no web page, so that the process ends with its run."""
        return bool(self.options.headless)

    @property
    def quits_after_seconds(self) -> int | None:
        """How long the web page stays after a run that Locust began by itself; None: it does."""
        options = self.options
        return options.autoquit if options.autostart and options.autoquit >= 0 else None

    @property
    def writes_csv(self) -> bool:
        """Whether Locust writes files of its own, while it runs."""
        return bool(self.options.csv_prefix)

    @property
    def is_master(self) -> bool:
        """Whether it coordinates, and others send."""
        return self.role == "master"

    @property
    def is_worker(self) -> bool:
        """Whether it sends, and another coordinates."""
        return self.role == "worker"

    def client_ids(self) -> list[str | None]:
        """Return by which Locust knows each process that sends; None: it is this process."""
        if not self.is_master:
            return [None]
        clients = self.runner.clients
        nodes = clients.ready + clients.spawning + clients.running
        return sorted((node.id for node in nodes), key=self.runner.get_worker_index)

    def has_lost(self, client_id: str | None) -> bool:
        """Return whether Locust hears no more of a process that sends."""
        if not self.is_master:
            return False
        client = self.runner.clients.get(client_id)
        return client is None or client.state == _MISSING

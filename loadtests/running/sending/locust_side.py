"""Locust as a run needs it: its own annotations admit that there is no runner, and no options."""

from argparse import Namespace
from dataclasses import dataclass
from typing import Any, Self

from locust.env import Environment
from locust.runners import MasterRunner, WorkerRunner


@dataclass(frozen=True, slots=True)
class LocustSide:
    """One process of Locust, once it is initialised.

    Attributes:
        environment: Locust's.
        runner: its runner: of this process alone, of a master, or of a worker.
        events: its events.
    """

    environment: Environment
    runner: Any
    events: Any

    @classmethod
    def of(cls, environment: Environment) -> Self:
        """Return the process whose environment it is."""
        return cls(environment, environment.runner, environment.events)

    @property
    def options(self) -> Namespace:
        """What was parsed; the web page, and a worker's master, change it later."""
        parsed = self.environment.parsed_options
        return Namespace() if parsed is None else parsed

    @property
    def is_headless(self) -> bool:
        """Whether there is no web page, so that the process ends with its run."""
        return bool(self.options.headless)

    @property
    def is_master(self) -> bool:
        """Whether it coordinates, and others send."""
        return isinstance(self.runner, MasterRunner)

    @property
    def is_worker(self) -> bool:
        """Whether it sends, and another coordinates."""
        return isinstance(self.runner, WorkerRunner)

"""One connection from Experience Platform to the destination, as a Locust user."""

from typing import ClassVar

from locust import User, constant, task

from loadtests.running.sending.sending_side import Sending


class ExportingUser(User):
    """Posts what is due, one call at a time, as the real sender does.

    Attributes:
        sending: what this process sends; the hooks set it.
    """

    abstract = True
    wait_time = constant(0)
    sending: ClassVar[Sending]

    def on_start(self) -> None:
        """Wait for the run's beginning: all users begin at once, whenever they were spawned."""
        self._generator, self._poster = self.sending.connected()

    def on_stop(self) -> None:
        """Close the connection."""
        if hasattr(self, "_poster"):
            self._poster.close()

    @task
    def export_a_profile(self) -> None:
        """Post the next call that is due, when it is due."""
        self._generator.make_next(self._poster.post)

"""The faults of one tenant, kept through a restart."""

import contextlib
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from mock_qualtrics.errors import StoreFailedError
from mock_qualtrics.faults.effects import Fault
from mock_qualtrics.faults.fault_set import FaultSet
from mock_qualtrics.model import Microseconds


class PersistentFaultSet(FaultSet):
    """A tenant's faults, stored after every change.

    Args:
        keep: stores them; called after every change.
    """

    def __init__(
        self,
        seed: int,
        received: Callable[[], int],
        now: Callable[[], Microseconds],
        keep: Callable[[], None],
    ) -> None:
        super().__init__(seed, received, now)
        self._keep = keep

    def add(self, mapping: Mapping[str, Any], *, wire_faults: bool = True) -> Fault:
        """Add a fault and store it."""
        with self._kept():
            return super().add(mapping, wire_faults=wire_faults)

    def remove(self, fault_id: str) -> None:
        """Remove one fault, also from the store."""
        with self._kept():
            super().remove(fault_id)

    def clear(self) -> None:
        """Remove all faults, also from the store."""
        with self._kept():
            super().clear()

    @contextlib.contextmanager
    def _kept(self) -> Iterator[None]:
        """Store what the block changes; when it cannot be stored, nothing is changed."""
        before = self.dump()
        yield
        try:
            self._keep()
        except BaseException:
            self.load(before)
            raise

    def _note_first_call(self, now: Microseconds) -> None:
        """Note it, and store that, once for each fault that asks for it.

        When it cannot be stored the call cannot either; it is stored with the next change.
        """
        if self._await_call:
            super()._note_first_call(now)
            with contextlib.suppress(StoreFailedError):
                self._keep()

"""Which part of a workload one process sends, and when it begins; as it travels between them."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from hashlib import blake2b
from typing import Any, Self

from loadtests.workloads import Arrival, Workload
from sender import Dataflow
from sender.transport.base import Endpoint


@dataclass(frozen=True, slots=True)
class Share:
    """Every ``of``-th message of a workload, from number ``index`` on.

    Attributes:
        index: which of the shares it is, from 0.
        of: how many shares there are.
        run_id: what the trace ids of the run are made from.
        begins_in_seconds: how long after it is told a process begins; seconds instead of an
            instant, because the clocks of two machines differ.
        fingerprint: of what is sent where, so that no two processes send different things.
    """

    index: int
    of: int
    run_id: str
    begins_in_seconds: float
    fingerprint: str

    def arrivals(self, workload: Workload) -> Iterator[tuple[int, Arrival]]:
        """Yield the share's messages with their numbers, by ascending time."""
        for number, arrival in enumerate(workload.arrivals()):
            if number % self.of == self.index:
                yield number, arrival

    def to_wire(self) -> dict[str, Any]:
        """Return it as a message carries it."""
        return asdict(self)

    @classmethod
    def from_wire(cls, values: dict[str, Any]) -> Self:
        """Return it from what a message carried."""
        return cls(**values)


def fingerprint_of(workload: Workload, mapping: Dataflow, endpoint: Endpoint) -> str:
    """Return a short text that is the same for the same messages, instants, target and credential.

    Args:
        workload: who arrives when.
        mapping: what makes the messages.
        endpoint: the target and the credential; what they are, nobody can tell from the text.
    """
    called = (endpoint.url, endpoint.authorization())
    sent = (workload, mapping.to_mapping(), called)
    digest = blake2b(repr(sent).encode(), digest_size=16)
    return digest.hexdigest()

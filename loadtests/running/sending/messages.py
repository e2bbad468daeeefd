"""The bodies of a run's messages, as the real sender maps them from sample profiles."""

from loadtests.workloads import WorkloadError
from sender import Dataflow
from sender.mapping import MappedContent, Mapper, message_body
from sender.samples import SampleProfiles


class Messages:
    """The messages of the persons that a workload has, one body for each person.

    Args:
        dataflow: what is mapped.
        seed: the same seed makes the same bodies, in every process.

    Raises:
        WorkloadError: the dataflow excludes what it is given as a sample, so it has no messages.
    """

    def __init__(self, dataflow: Dataflow, seed: int) -> None:
        self._mapper = Mapper(dataflow)
        self._samples = SampleProfiles(dataflow, seed)
        self.body_of(0)

    def body_of(self, person: int) -> bytes:
        """Return the body of a person's message, the same each time."""
        content = self._mapper.content(self._samples.of(person))
        if not isinstance(content, MappedContent):
            raise WorkloadError(
                f"dataflow: a sample profile is excluded ({content.reason.value}), expected one "
                "that is exported: no message can be made"
            )
        return message_body(content)

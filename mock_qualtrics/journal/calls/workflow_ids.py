"""The workflows whose runs can be read."""

from mock_qualtrics.store.schema import UNATTRIBUTED


class WorkflowIds:
    """The workflows whose runs can be read, by id and by number; maintained by the registry."""

    def __init__(self) -> None:
        self._by_number: dict[int, str] = {}
        self._by_id: dict[str, int] = {}
        self._tenants: dict[int, int] = {}
        self._virtual: set[int] = set()

    def add(
        self, number: int, workflow_id: str, tenant_number: int, *, virtual: bool = False
    ) -> None:
        """Make a workflow's runs readable; ``virtual`` is whether only `advance` moves its time."""
        self._by_number[number] = workflow_id
        self._by_id[workflow_id] = number
        self._tenants[number] = tenant_number
        if virtual:
            self._virtual.add(number)

    def remove(self, number: int) -> None:
        """Make the runs of a deleted workflow unreadable."""
        del self._by_id[self._by_number.pop(number)], self._tenants[number]
        self._virtual.discard(number)

    def is_virtual(self, number: int) -> bool:
        """Return whether the workflow's runs wait until a virtual clock is advanced."""
        return number in self._virtual

    def id_of(self, number: int) -> str | None:
        """Return the id of the workflow with this number, or None."""
        return self._by_number.get(number)

    def tenant_of(self, number: int) -> int:
        """Return the number of the tenant of a workflow that can be read."""
        return self._tenants.get(number, UNATTRIBUTED)

    def number_of(self, workflow_id: str) -> int | None:
        """Return the number of the workflow with this id, or None."""
        return self._by_id.get(workflow_id)

"""The workflows whose runs can be read, and which of them a kept URL names."""

import urllib.parse
from collections.abc import Iterable
from functools import lru_cache
from typing import Final

from mock_qualtrics.store.schema import UNATTRIBUTED

UrlEnds = tuple[str, ...]
"""The kept ends of the ids in one form of a trigger URL, in the order of `url_ends`."""

_TOKEN: Final = "urlTokenId"  # noqa: S105  a parameter's name
_OLDER_FORM: Final = ("triggerId", "contextId", "userId", "brandId")


@lru_cache(maxsize=1_024)
def url_ends(kept_query: str) -> UrlEnds | None:
    """Return the ends of the ids in a query as the journal keeps it; None of neither URL form.

    As at the gate, the first of a repeated parameter counts, and ``urlTokenId`` before the others.
    """
    given = dict(reversed(urllib.parse.parse_qsl(kept_query)))
    if _TOKEN in given:
        return (given[_TOKEN],)
    ends = tuple(given[name] for name in _OLDER_FORM if name in given)
    return ends if len(ends) == len(_OLDER_FORM) else None


class WorkflowIds:
    """The workflows whose runs can be read, by id, number and URL; maintained by the registry."""

    def __init__(self) -> None:
        self._by_number: dict[int, str] = {}
        self._by_id: dict[str, int] = {}
        self._tenants: dict[int, int] = {}
        self._virtual: set[int] = set()
        self._by_url: dict[tuple[int, UrlEnds], tuple[int, ...]] = {}
        self._urls: dict[int, tuple[UrlEnds, ...]] = {}

    def add(
        self,
        number: int,
        workflow_id: str,
        tenant_number: int,
        urls: Iterable[UrlEnds] = (),
        *,
        virtual: bool = False,
    ) -> None:
        """Make a workflow's runs readable, or take note of a change of it.

        Args:
            number: the workflow.
            workflow_id: its id.
            tenant_number: its tenant.
            urls: the ends of the ids in each form of its trigger URL.
            virtual: whether only `advance` moves its time.
        """
        self._forget_urls(number)
        self._urls[number] = tuple(urls)
        for ends in self._urls[number]:
            key = tenant_number, ends
            self._by_url[key] = (*self._by_url.get(key, ()), number)
        self._by_number[number] = workflow_id
        self._by_id[workflow_id] = number
        self._tenants[number] = tenant_number
        if virtual:
            self._virtual.add(number)

    def remove(self, number: int) -> None:
        """Make the runs of a deleted workflow unreadable."""
        self._forget_urls(number)
        del self._by_id[self._by_number.pop(number)], self._tenants[number]
        self._virtual.discard(number)

    def named_by(self, tenant_number: int, kept_query: str) -> str | None:
        """Return the id of the workflow that a query names, as far as the journal keeps it.

        Of the ids only the ends are kept. Where two workflows have the same, it is None.
        """
        ends = url_ends(kept_query)
        numbers = () if ends is None else self._by_url.get((tenant_number, ends), ())
        return self.id_of(numbers[0]) if len(numbers) == 1 else None

    def is_virtual(self, number: int) -> bool:
        """Return whether the workflow's runs wait until a virtual clock is advanced."""
        return number in self._virtual

    def id_of(self, number: int) -> str | None:
        """Return the id of the workflow with this number, or None."""
        return self._by_number.get(number)

    def tenant_of(self, number: int) -> int:
        """Return the number of the tenant of a workflow that can be read."""
        return self._tenants.get(number, UNATTRIBUTED)

    def numbers_of(self, tenant_number: int) -> list[int]:
        """Return the numbers of a tenant's workflows."""
        # A list at once: another thread may add a workflow meanwhile.
        pairs = list(self._tenants.items())
        return [number for number, tenant in pairs if tenant == tenant_number]

    def number_of(self, workflow_id: str) -> int | None:
        """Return the number of the workflow with this id, or None."""
        return self._by_id.get(workflow_id)

    def _forget_urls(self, number: int) -> None:
        for ends in self._urls.pop(number, ()):
            key = self._tenants[number], ends
            others = tuple(other for other in self._by_url.pop(key) if other != number)
            if others:
                self._by_url[key] = others

"""The addresses in the rows of a list: made once for the list, and only filled in for each run.

Making each one anew took a third of a page's time. A run's id stands in an address as it is.
"""

from functools import cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from mock_qualtrics.web.pages.history.list_address import ListAddress

_ID: Final = "RUN_ID"


class RowAddresses:
    """Where the rows of one page of a list lead to.

    Args:
        address: the list.
        cursor: where the page begins; None at the newest run.

    Attributes:
        of_workflow: returns the address of the list of a workflow's runs, by the workflow's id.
        workflow_name: returns the name of a workflow, by its id.
    """

    def __init__(self, address: "ListAddress", cursor: str | None) -> None:
        # The id is the first one in the address: a search text may have the same word, behind it.
        self._before, self._after = address.url("run_details", run_id=_ID).split(_ID, 1)
        self._revealed = address.url(cursor=cursor, reveal="")
        self.of_workflow = cache(lambda workflow_id: address.url(workflow=workflow_id))
        self.workflow_name = cache(address.workflow_name)

    def of_run(self, run_id: str) -> str:
        """Return the address of a run's page."""
        return f"{self._before}{run_id}{self._after}"

    def revealed(self, run_id: str) -> str:
        """Return the address of this page with the identity of a run in the clear."""
        return self._revealed + run_id

"""Which workflows a page of the list shows, as its address says it. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from mock_qualtrics.web.control.inputs import BadRequestError
from mock_qualtrics.web.pages.workflows.list_contents import STATES

if TYPE_CHECKING:
    from mock_qualtrics.tenants.workflow import Workflow

PAGE_WORKFLOWS: Final = 20
PARAMETERS: Final = frozenset({"q", "state", "from"})
STATE_NAMES: Final = tuple(name for name, _ in STATES.values())


@dataclass(frozen=True, slots=True)
class WantedWorkflows:
    """Which workflows are shown.

    Attributes:
        text: what their names contain, whatever the case.
        state: the name of their state on the pages; empty for all.
        first: the least position of them (`Workflow.position`).
    """

    text: str = ""
    state: str = ""
    first: int = 0

    @property
    def filters(self) -> dict[str, Any]:
        """The parameters of the address, without the page."""
        given = {"q": self.text, "state": self.state}
        return {name: value for name, value in given.items() if value}

    @property
    def parameters(self) -> dict[str, Any]:
        """The parameters of the address."""
        return self.filters | ({"from": self.first} if self.first else {})

    def wants(self, workflow: "Workflow") -> bool:
        """Return whether a workflow is one of them, on whatever page."""
        is_named = self.text.casefold() in workflow.name.casefold()
        return is_named and self.state in ("", STATES[workflow.state][0])


@dataclass(frozen=True, slots=True)
class WorkflowPage:
    """A page of the list.

    Attributes:
        workflows: in order of creation, so that a switch moves nothing.
        found: how many there are on all pages.
        newer: the position of the first on the page that follows; None on the last page.
        older: of the page before; None on the first page.
    """

    workflows: Sequence["Workflow"]
    found: int
    older: int | None
    newer: int | None


def read_wanted(given: Mapping[str, str]) -> WantedWorkflows:
    """Return what parameters or fields ask for.

    Raises:
        BadRequestError: one of them is wrong.
    """
    state, first = given.get("state", ""), given.get("from") or "0"
    if state and state not in STATE_NAMES:
        expected = ", ".join(STATE_NAMES)
        raise BadRequestError(f"state: found {state!r}, expected one of {expected}")
    if not (first.isascii() and first.isdigit() and len(first) < len(str(2**63))):
        raise BadRequestError(f"from: found {first!r}, expected the position of a workflow")
    return WantedWorkflows(given.get("q", "").strip(), state, int(first))


def workflow_page(workflows: Sequence["Workflow"], wanted: WantedWorkflows) -> WorkflowPage:
    """Return the page of the list that is wanted."""
    found = sorted(filter(wanted.wants, workflows), key=lambda workflow: workflow.position)
    positions = [workflow.position for workflow in found]
    begin = sum(position < wanted.first for position in positions)
    end = begin + PAGE_WORKFLOWS
    return WorkflowPage(
        found[begin:end],
        len(found),
        older=positions[max(0, begin - PAGE_WORKFLOWS)] if begin else None,
        newer=positions[end] if end < len(positions) else None,
    )


def page_with(workflows: Sequence["Workflow"], workflow: "Workflow") -> WantedWorkflows:
    """Return the page of the whole list on which a workflow is."""
    positions = sorted(one.position for one in workflows)
    place = sum(position < workflow.position for position in positions)
    begin = place - place % PAGE_WORKFLOWS
    return WantedWorkflows(first=positions[begin] if begin else 0)

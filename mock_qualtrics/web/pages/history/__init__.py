"""Run history: the runs of a workflow (Q-RUN-2)."""

from flask import Blueprint

from mock_qualtrics.model import RunStatus
from mock_qualtrics.web.context import current_engine
from mock_qualtrics.web.control import inputs
from mock_qualtrics.web.pages.history.run_list import History
from mock_qualtrics.web.pages.layout import page


def register(blueprint: Blueprint) -> None:
    """Add the routes."""
    blueprint.get("/runs")(run_history)


def run_history() -> str:
    """Show a workflow's runs in one of the two views (Q-RUN-2), or its pending runs.

    The page also lists the latest calls that started no run.
    """
    query = inputs.parameters(frozenset({"tenant", "workflow", "view", "status", "cursor"}))
    view, status = inputs.view(query), inputs.status(query)
    if status is not RunStatus.PENDING:  # pending runs are in neither view
        view = view or "started"
    engine = current_engine()
    contents = History(engine).page(query.get("workflow"), view, status, inputs.cursor(query))
    return page("history/runs.html", live=inputs.cursor(query) is None, **contents)

"""One run, explained."""

from flask import Blueprint

from mock_qualtrics.web.context import current_engine
from mock_qualtrics.web.pages.layout import page
from mock_qualtrics.web.pages.run_details.run_contents import run_contents


def register(blueprint: Blueprint) -> None:
    """Add the routes."""
    blueprint.get("/runs/<run_id>")(run_details)


def run_details(run_id: str) -> str:
    """Show one run: its event, fields and tasks, and why it failed."""
    return page("run_details/run.html", live=True, **run_contents(current_engine(), run_id))

"""Run history: the runs of a tenant or of one workflow, by view and search (Q-RUN-2)."""

from http import HTTPStatus
from typing import Final

from flask import Blueprint

from mock_qualtrics.web.context import current_engine
from mock_qualtrics.web.control import inputs
from mock_qualtrics.web.pages.history import run_list
from mock_qualtrics.web.pages.history.list_address import PARAMETERS, read_address
from mock_qualtrics.web.pages.history.search_syntax import SearchTextError
from mock_qualtrics.web.pages.history.search_terms import TERMS
from mock_qualtrics.web.pages.layout import page

_OF_PAGES: Final = frozenset({"cursor", "reveal"})
_WORDS: Final = ("free words", 'in the event, fields, error or tasks; "in quotes" as they stand')


def register(blueprint: Blueprint) -> None:
    """Add the routes."""
    blueprint.get("/runs")(run_history)


def run_history() -> str | tuple[str, int]:
    """Show the runs of a tenant or a workflow: one of the two views, or those that wait.

    The page also lists the latest calls that started no run.
    """
    query = inputs.parameters(PARAMETERS | _OF_PAGES)
    address = read_address(query)
    if address is None:
        return page("history/runs.html", **run_list.without_tenant(current_engine()))
    shown = run_list.ListPage(inputs.cursor(query), query.get("reveal"))
    try:
        contents = run_list.list_contents(current_engine(), address, shown)
    except SearchTextError as error:
        contents = run_list.list_of_nothing(current_engine(), address, str(error))
    is_wrong = "search_error" in contents
    is_live = shown.cursor is None and shown.revealed is None and not is_wrong
    text = page("history/runs.html", live=is_live, search_help=_help(), **contents)
    return text, HTTPStatus.BAD_REQUEST if is_wrong else HTTPStatus.OK


def _help() -> list[tuple[str, str]]:
    """Return what the search takes: an example and its meaning, for each term and for words."""
    return [*((term.example, term.meaning) for term in TERMS), _WORDS]

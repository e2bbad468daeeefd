"""Run history: the runs of a tenant or of one workflow, by view and search (Q-RUN-2)."""

import json
from collections.abc import Iterator
from http import HTTPStatus
from typing import Final

from flask import Blueprint, Response, request

from mock_qualtrics.errors import NotFoundError
from mock_qualtrics.web.context import current_engine
from mock_qualtrics.web.control import inputs
from mock_qualtrics.web.pages.history import run_downloads, run_list
from mock_qualtrics.web.pages.history.list_address import PARAMETERS, ListAddress, read_address
from mock_qualtrics.web.pages.history.run_errors import error_contents
from mock_qualtrics.web.pages.history.search_syntax import SearchTextError
from mock_qualtrics.web.pages.history.search_terms import TERMS
from mock_qualtrics.web.pages.layout import page

_OF_PAGES: Final = frozenset({"cursor", "reveal"})
_OF_DOWNLOADS: Final = frozenset({"clear"})
_IDS: Final = ("RUN_… or a request id", "alone: leads to that run or call")
_WORDS: Final = ("free words", 'in the event, fields, error or tasks; "in quotes" as they stand')


def register(blueprint: Blueprint) -> None:
    """Add the routes."""
    blueprint.get("/runs")(run_history)
    blueprint.get("/runs/errors")(run_errors)
    blueprint.get("/runs.csv")(runs_as_csv)
    blueprint.get("/runs.jsonl")(runs_as_json_lines)


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


def run_errors() -> str:
    """Show what the failed runs of a list say, grouped."""
    address = _address(frozenset())
    return page("history/errors.html", **error_contents(current_engine(), address))


def runs_as_csv() -> Response:
    """Return the runs of a list as CSV; identities are masked, but with ``clear=1``."""
    address, in_the_clear = _address(_OF_DOWNLOADS), _in_the_clear()
    names = {workflow.id: workflow.name for workflow in address.tenant.workflows}
    runs = current_engine().journal.search.rows(address.wanted(address.tenant.clock.now()))
    lines = run_downloads.csv_lines(runs, names, in_the_clear=in_the_clear)
    return _download(run_downloads.within(lines, run_downloads.TOO_LARGE), "text/csv", "runs.csv")


def runs_as_json_lines() -> Response:
    """Return the runs of a list as JSON lines; identities are masked, but with ``clear=1``."""
    address, in_the_clear = _address(_OF_DOWNLOADS), _in_the_clear()
    found = current_engine().journal.search.documents(address.wanted(address.tenant.clock.now()))
    lines = run_downloads.json_lines(found, in_the_clear=in_the_clear)
    last = json.dumps({"ended": run_downloads.TOO_LARGE}) + "\n"
    return _download(run_downloads.within(lines, last), "application/jsonl", "runs.jsonl")


def _download(lines: Iterator[str], media_type: str, name: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(lines, 200, headers, content_type=f"{media_type}; charset=utf-8")


def _in_the_clear() -> bool:
    text = request.args.get("clear", "0")
    if text not in ("0", "1"):
        raise inputs.BadRequestError(f"clear: found {text!r}, expected 0 or 1")
    return text == "1"


def _address(others: frozenset[str]) -> ListAddress:
    """Return the list that the request names.

    Raises:
        NotFoundError: there is no tenant.
    """
    address = read_address(inputs.parameters(PARAMETERS | others))
    if address is None:
        raise NotFoundError("tenant", "the first one")
    return address


def _help() -> list[tuple[str, str]]:
    """Return what the search takes: an example and its meaning, for each term and for words."""
    return [*((term.example, term.meaning) for term in TERMS), _IDS, _WORDS]

"""What failed runs say, grouped: the contents of a page; no HTML here."""

import dataclasses
from typing import TYPE_CHECKING, Any

from mock_qualtrics.clock import format_instant
from mock_qualtrics.web.pages.history.list_address import ListAddress
from mock_qualtrics.web.pages.history.search_syntax import Search, parse

if TYPE_CHECKING:
    from mock_qualtrics.engine import Engine
    from mock_qualtrics.journal.search.error_groups import ErrorGroup, ErrorGroups


def error_contents(engine: "Engine", address: ListAddress) -> dict[str, Any]:
    """Return the groups of errors of a list, the largest first.

    Raises:
        SearchTextError: the search text is wrong.
    """
    found = engine.journal.search.error_groups(address.wanted(address.tenant.clock.now()))
    given = parse(address.search)
    search = dataclasses.replace(given, task=None, error=(), trace=None, words=())
    return {
        "is_wider": search != given,
        "tenant": address.tenant,
        "workflow": address.workflow,
        "groups": [_group(group, search, address) for group in found.groups],
        "looked_at": _looked_at(found),
        "back": address.url(),
    }


def _group(group: "ErrorGroup", search: Search, address: ListAddress) -> dict[str, Any]:
    failed = dataclasses.replace(search, status=("failed",), error=group.pieces)
    return {
        "says": group.says or "nothing",
        "runs": group.runs,
        "newest_at": format_instant(group.newest_at),
        "newest_url": address.url("run_details", run_id=group.newest_run),
        "url": address.url(view=None, q=str(failed)),
    }


def _looked_at(found: "ErrorGroups") -> str:
    if found.is_all:
        return f"All failed runs of this list: {found.looked_at:,}."
    return f"Of the newest {found.looked_at:,} failed runs of this list; there are older ones."

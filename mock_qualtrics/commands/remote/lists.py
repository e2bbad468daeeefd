"""How the commands that list something print it: JSON lines, a table, or that there is nothing."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import click

from contracts import exact_json, tables
from contracts.tables import Column


def print_list(
    documents: Sequence[Mapping[str, Any]],
    columns: Sequence[Column],
    cells: Callable[[Mapping[str, Any]], tuple[object, ...]],
    none: str,
    *,
    as_json: bool,
) -> None:
    """Print a list.

    Args:
        documents: what is listed, as the control API shows it.
        columns: the table's columns.
        cells: returns a document's cells.
        none: the sentence when there is nothing.
        as_json: whether to print JSON lines instead.
    """
    if as_json:
        print_documents(documents)
    elif documents:
        tables.print_rows(columns, map(cells, documents))
    else:
        say_none(none)


def print_documents(documents: Iterable[Mapping[str, Any]]) -> None:
    """Print one JSON line a document."""
    for document in documents:
        click.echo(exact_json.dumps(document))


def say_none(sentence: str) -> None:
    """Say that there is nothing: to people, and not into a file of rows."""
    click.echo(sentence, err=not tables.on_terminal())

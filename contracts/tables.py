"""Prints rows for people on a terminal, and for programs elsewhere: no id is ever cut.

On a terminal rows are a table; its whole columns keep their width on a narrow one too. Off a
terminal each row is one line of cells between tabs, without headings, so that ``cut`` and ``awk``
find a cell by its number.
"""

import shutil
import sys
from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

import click

from contracts.terminal import printable

_GAP: Final = 2  # characters between two columns


class Column(NamedTuple):
    """A column of a table.

    Attributes:
        heading: what stands above it.
        whole: whether its cells are never cut or broken, as those of an id or an instant.
    """

    heading: str
    whole: bool = False


def on_terminal() -> bool:
    """Return whether standard output is a terminal."""
    return sys.stdout.isatty()


def terminal_columns() -> int:
    """Return how many characters a line of the terminal has."""
    return shutil.get_terminal_size().columns


def print_rows(columns: Sequence[Column], rows: Iterable[Sequence[object]]) -> None:
    """Print rows: as a table on a terminal, elsewhere one line a row, its cells between tabs.

    Args:
        columns: of the table, in order.
        rows: each as many cells as there are columns; None is an empty cell.
    """
    texts = [[printable("" if cell is None else str(cell)) for cell in row] for row in rows]
    if on_terminal():
        _print_table(columns, texts)
        return
    for cells in texts:
        click.echo("\t".join(cells))


def _print_table(columns: Sequence[Column], rows: Sequence[Sequence[str]]) -> None:
    from rich.box import SIMPLE_HEAD  # noqa: PLC0415  programs need no table
    from rich.console import Console  # noqa: PLC0415  as above
    from rich.table import Table  # noqa: PLC0415  as above
    from rich.text import Text  # noqa: PLC0415  as above

    table = Table(box=SIMPLE_HEAD, show_edge=False, pad_edge=False, padding=(0, 1, 0, 0))
    widths = [
        _least_width(column, [cells[n] for cells in rows]) for n, column in enumerate(columns)
    ]
    for column, width in zip(columns, widths, strict=True):
        table.add_column(column.heading, overflow="fold", no_wrap=column.whole, min_width=width)
    for cells in rows:
        table.add_row(*map(Text, cells))
    # The terminal itself breaks a line that is longer than its own, and that can be copied whole.
    least = sum(widths) + _GAP * len(widths)
    # Without a height, rich takes any terminal that is called dumb for one of 80 columns.
    width, height = max(terminal_columns(), least), len(rows)
    Console(highlight=False, width=width, height=height).print(table)


def _least_width(column: Column, cells: Sequence[str]) -> int:
    from rich.cells import cell_len  # noqa: PLC0415  programs need no table

    heading = len(column.heading)
    return max(heading, *map(cell_len, cells)) if column.whole and cells else heading

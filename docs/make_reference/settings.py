"""The flags of ``mock-qualtrics serve``, and the settings of what nobody documents."""

from collections.abc import Iterator
from typing import Final

import click

from contracts.fidelity import Grade, behaviours
from mock_qualtrics.cli import main as mock

_PREFIX: Final = "assumptions."


def flags() -> str:
    """Return a table of the flags of ``serve``."""
    serve = mock.get_command(click.Context(mock), "serve")
    parameters = () if serve is None else serve.params
    head = ["| flag | default | meaning |", "|---|---|---|"]
    return "\n".join(head + [_flag(each) for each in parameters if isinstance(each, click.Option)])


def _flag(option: click.Option) -> str:
    shown = option.show_default and option.default is not None and not option.is_flag
    default = f"`{option.default}`" if shown else ""
    value = "" if option.is_flag else f" {option.make_metavar(click.Context(mock))}"
    names = f"{', '.join(option.opts)}{value}".replace("|", r"\|")
    return f"| `{names}` | {default} | {option.help or ''} |"


def assumptions() -> str:
    """Return a table of every assumed behaviour: what is done, and the setting that changes it."""
    return "\n".join(["| behaviour | setting | default | row |", "|---|---|---|---|", *_assumed()])


def of_the_vendors() -> str:
    """Return a table of the defaults that others vouch for, with the date of their source."""
    head = ["| setting | default | source | date | row |", "|---|---|---|---|---|"]
    rows = [
        f"| `{row.setting}` | `{row.default}` | {row.source} | {row.date} | {row.id} |"
        for row in behaviours()
        if row.grade in (Grade.DOCUMENTED, Grade.OBSERVED) and row.default is not None
    ]
    return "\n".join(head + rows)


def _assumed() -> Iterator[str]:
    for row in behaviours():
        if row.grade is Grade.ASSUMED:
            setting = row.setting.removeprefix(_PREFIX)
            yield f"| {row.statement} | `{setting}` | `{row.default}` | {row.id} |"

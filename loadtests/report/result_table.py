"""A load test for a terminal: the verdict, the thresholds, what happened, what does not agree."""

from collections.abc import Iterator

from contracts.terminal import printable
from loadtests.report.load_result import LoadResult
from loadtests.report.result_rows import (
    balance_rows,
    figure_rows,
    generator_rows,
    threshold_rows,
)


def result_table(result: LoadResult) -> str:
    """Return the lines, which any terminal can show."""
    return "".join(f"{printable(line)}\n" for line in _lines(result))


def _lines(result: LoadResult) -> Iterator[str]:
    yield ""
    yield from _aligned([*figure_rows(result), *generator_rows(result)])
    if wrong := [row for row in balance_rows(result.balance) if not row[3].startswith("yes")]:
        yield ""
        yield from (
            f"{name}: {left} beside {right}. Agree: {agree}" for name, left, right, agree in wrong
        )
    yield ""
    for note in result.notes:
        yield f"Note: {note}"
    for text, found, outcome in threshold_rows(result):
        yield f"{outcome:10} {text}, found {found}"
    yield result.verdict.heading
    if not result.judged or not result.verdict.is_valid:
        yield from (f"  {reason}" for reason in result.verdict.reasons)


def _aligned(rows: list[tuple[str, str]]) -> Iterator[str]:
    width = max(len(name) for name, _ in rows)
    for name, value in rows:
        yield f"{name:{width}}  {value}"

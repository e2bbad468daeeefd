"""An exporter to the scripted server."""

import random
from collections.abc import Callable

import pytest

from sender import Exporter, Report


@pytest.fixture
def exporter(dataflow, kit):
    made = []

    def make(**options: object) -> Exporter:
        defaults = {"token": kit.token, "calls_per_minute": None, "rng": random.Random(1)}
        made.append(Exporter(**({"dataflow": dataflow} | defaults | options)))
        return made[-1]

    yield make
    for one in made:
        one.close()


def _counts(report: Report) -> tuple[int, ...]:
    return (
        report.activated,
        report.excluded,
        report.failed,
        report.uncertain,
        report.pending,
    )


@pytest.fixture
def counts() -> Callable[[Report], tuple[int, ...]]:
    """Return a report's five counts: activated, excluded, failed, uncertain, pending."""
    return _counts

"""Which rules of a dataflow no schema can express."""

import pytest

from contracts.dataflow_rules import rule_violations


def attributes(*targets: str) -> dict[str, object]:
    return {"attributes": [{"source": f"s{n}", "target": t} for n, t in enumerate(targets)]}


@pytest.mark.parametrize(
    ("raw", "paths"),
    [
        ({}, []),
        ({"attributes": "none", "identities": [3], "audiences": {"id": "a"}}, []),
        (attributes("a", "a.b"), ["$.attributes[0].target"]),
        (attributes("a", "b", "a"), ["$.attributes[2].target"]),
        (attributes("a..b"), ["$.attributes[0].target"]),
        (
            {"identities": [{"source": "Email"}, {"source": "Email"}]},
            ["$.identities[1].source"],
        ),
        (
            {"audiences": [{"id": "a", "start_date": "2026-02-01", "end_date": "2026-01-01"}]},
            ["$.audiences[0].end_date"],
        ),
        ({"audiences": [{"id": "a", "start_date": "20260201"}]}, ["$.audiences[0].start_date"]),
    ],
)
def test_what_breaks_a_rule_is_told_by_its_path(raw: dict[str, object], paths: list[str]):
    assert [violation.path for violation in rule_violations(raw)] == paths

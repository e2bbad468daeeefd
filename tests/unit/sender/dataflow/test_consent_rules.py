"""The dataflow's table ``consent``."""

from typing import Any

import pytest

from sender.dataflow import ConsentRules, Dataflow
from sender.dataflow.digests import export_digest
from sender.errors import DataflowError


@pytest.mark.parametrize(
    ("table", "rules"),
    [
        ({}, ConsentRules()),
        ({"granted": ["y"]}, ConsentRules(granted=("y",))),
        ({"paths": []}, ConsentRules(paths=())),
        (
            {"paths": ["a.b"], "id_specific": False},
            ConsentRules(paths=("a.b",), id_specific=False),
        ),
    ],
)
def test_what_is_chosen_is_kept_and_the_rest_has_its_default(
    raw: dict[str, Any], table: dict[str, Any], rules: ConsentRules
) -> None:
    dataflow = Dataflow.from_mapping(raw | {"consent": table})
    assert dataflow.consent == rules
    assert dataflow.to_mapping().get("consent", {}) == table
    assert Dataflow.from_mapping(dataflow.to_mapping()) == dataflow
    same = export_digest(dataflow) == export_digest(Dataflow.from_mapping(raw))
    assert same is (table == {})


@pytest.mark.parametrize(
    ("table", "where"),
    [
        ({"granted": []}, "$.consent.granted"),
        ({"granted": "y"}, "$.consent.granted"),
        ({"granted": ["y", 1]}, "$.consent.granted[1]"),
        ({"paths": ["a..b"]}, "$.consent.paths[0]"),
        ({"id_specific": "no"}, "$.consent.id_specific"),
        ({"grant": ["y"]}, "$.consent"),
        ([], "$.consent"),
    ],
)
def test_a_table_that_means_nothing_is_refused_with_its_place(
    raw: dict[str, Any], table: object, where: str
) -> None:
    with pytest.raises(DataflowError) as caught:
        Dataflow.from_mapping(raw | {"consent": table})
    (violation,) = caught.value.violations
    assert str(violation).startswith(where)

import pytest

from mock_qualtrics.faults import KINDS
from mock_qualtrics.faults.kinds_of_schema import conditions, kinds, properties, required
from mock_qualtrics.faults.matching import when_from


def test_the_schema_has_the_kinds_that_are_registered():
    assert set(kinds()) == set(KINDS)


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_has_its_settings(kind):
    assert {"kind", "when"} <= required(kind) <= set(properties(kind))


def test_every_condition_of_the_schema_is_one():
    given = {"probability": 0.5, "path": "$.a", "between": [0, 1], "sinceFirstCall": [0, 1]}
    for name in conditions():
        assert name in when_from({name: given.get(name, 1)}).to_mapping()

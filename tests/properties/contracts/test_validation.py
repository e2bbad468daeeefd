"""What is broken is found, at its place, and the validator never fails."""

import copy
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from contracts.strategies import (
    dataflows,
    messages,
    scalars,
    texts,
)
from contracts.validation import schema, schema_names, validate
from contracts.violations import Violation

ANY_NUMBER = st.integers() | st.integers(10**4400, 10**4401) | st.floats()
JSON_VALUES = st.recursive(
    st.none() | st.booleans() | ANY_NUMBER | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)
KNOWN_KEYS = sorted({key for name in schema_names() for key in schema(name).get("properties", {})})


@given(
    messages(),
    texts().filter(lambda name: name not in {"identityMap", "segmentMembership"}),
    st.none() | st.lists(scalars(), max_size=2),
)
def test_a_list_or_a_null_among_the_attributes_is_found_out(
    message: dict[str, Any], name: str, value: object
):
    assert len(validate({**message, name: value}, "exported-message")) == 1


@given(messages(), st.data())
def test_a_message_without_its_identities_is_found_out(
    message: dict[str, Any], data: st.DataObject
):
    broken = copy.deepcopy(message)
    namespace = data.draw(st.sampled_from(sorted(broken["identityMap"])))
    broken["identityMap"][namespace] = []
    del message["identityMap"]
    assert len(validate(broken, "exported-message")) == 1
    assert [v.path for v in validate(message, "exported-message")] == ["$.identityMap"]


@given(dataflows(), st.sampled_from(["name", "url", "username", "identities"]))
def test_a_dataflow_that_lacks_a_required_key_is_found_out(dataflow: dict[str, Any], key: str):
    del dataflow[key]
    assert [violation.path for violation in validate(dataflow, "dataflow")] == [f"$.{key}"]


@given(dataflows(), st.sets(st.sampled_from(["name", "url", "username", "audiences"]), min_size=1))
def test_all_that_is_wrong_is_told_at_once(dataflow: dict[str, Any], keys: set[str]):
    for key in keys:
        dataflow[key] = None
    dataflow["identities"][0]["target"] = "phone"
    paths = {violation.path for violation in validate(dataflow, "dataflow")}
    assert paths == {"$.identities[0].target", *(f"$.{key}" for key in keys)}


# Each value is judged by all schemas: drawing it costs more than judging it.
ANY_VALUES = JSON_VALUES | st.dictionaries(st.sampled_from(KNOWN_KEYS), JSON_VALUES)


@given(ANY_VALUES)
def test_judging_never_fails_whatever_the_value(value: object):
    for name in schema_names():
        for violation in validate(value, name):
            assert isinstance(violation, Violation)
            assert str(violation).startswith("$")
            assert str(violation).encode()


@given(st.integers(0, 999), JSON_VALUES)
def test_an_example_with_one_part_replaced_is_valid_or_told_at_that_part(place: int, value: object):
    for name in schema_names():
        examples = [example for example in schema(name)["examples"] if example]
        example = dict(examples[place % len(examples)])
        key = sorted(example)[place % len(example)]
        example[key] = value
        for violation in validate(example, name):
            at_the_part = violation.path == "$" or violation.path.startswith(f"$.{key}")
            assert at_the_part or key == "kind", name

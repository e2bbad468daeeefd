"""The OpenAPI document in one piece, as generators and linters read it."""

from typing import Any

import pytest

from contracts.openapi import one_file
from support.json_parts import objects


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    return one_file()


def test_each_reference_names_a_component_that_is_there(document):
    references = {part["$ref"] for part in objects(document) if isinstance(part.get("$ref"), str)}
    assert "#/components/schemas/RunPage" in references
    for reference in references:
        root, kind, family, name = reference.split("/")
        assert (root, kind) == ("#", "components")
        assert document[kind][family][name], reference


def test_nothing_in_it_points_outside(document):
    assert not [part for part in objects(document) if {"$id", "$schema", "$defs"} & set(part)]


def test_no_values_of_one_list_differ_by_case_alone(document):
    lists = [part["enum"] for part in objects(document) if isinstance(part.get("enum"), list)]
    assert lists
    for values in lists:
        assert len({str(value).lower() for value in values}) == len(values), values

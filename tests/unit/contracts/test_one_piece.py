"""Schemas that need no other file."""

import json

import pytest
from click.testing import CliRunner
from jsonschema import Draft202012Validator

from contracts.cli import main
from contracts.one_piece import schema_in_one_piece
from contracts.validation import schema, schema_names
from support.json_parts import objects


@pytest.mark.parametrize("name", schema_names())
def test_a_schema_in_one_piece_is_valid_and_judges_its_own_examples(name):
    whole = schema_in_one_piece(name)
    Draft202012Validator.check_schema(whole)
    validator = Draft202012Validator(whole)  # without a registry: it may need no other file
    assert whole["title"] == schema(name)["title"]
    for example in whole.get("examples", ()):
        assert validator.is_valid(example)
    assert not validator.is_valid(7)


@pytest.mark.parametrize("name", schema_names())
def test_each_reference_is_resolved_inside_and_nothing_is_our_own(name):
    whole = schema_in_one_piece(name)
    for part in objects(whole):
        assert not {"x-expected", "x-secret"} & part.keys()
        assert part.get("format") in (None, "date", "date-time") or "type" not in part
        reference = part.get("$ref")
        assert reference is None or reference.removeprefix("#/$defs/") in whole["$defs"]


def test_the_command_prints_one_and_names_those_that_there_are():
    shown = CliRunner().invoke(main, ["schema", "run-page"])
    assert json.loads(shown.stdout) == schema_in_one_piece("run-page")
    unknown = CliRunner().invoke(main, ["schema", "runpage"])
    assert unknown.exit_code == 2
    assert "run-page" in unknown.stderr

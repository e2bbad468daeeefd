"""The ledger is complete in itself: whole rows, one id each, a setting for each assumption."""

import re

import pytest

from contracts.fidelity import Behaviour, Grade, Side, behaviours
from contracts.validation import schema, validate

TENANT = {"seed": 1}


@pytest.mark.parametrize("row", behaviours(), ids=lambda row: row.id)
def test_a_row_is_whole(row: Behaviour):
    assert re.fullmatch(r"[QA]-[A-Z]+-\d(\.[a-z]+)?", row.id)
    assert row.side is (Side.MOCK if row.id.startswith("Q") else Side.SENDER)
    assert row.statement.endswith(".")
    assert re.fullmatch(r"tests/[a-z_/]+\.py::test_\w+", row.test)
    assert row.setting if row.grade is Grade.ASSUMED else row.source
    assert re.fullmatch(r"(\d{4}(-\d{2}){0,2})?", row.dated)
    assert row.source or not row.dated


def test_no_id_stands_twice():
    assert len({row.id for row in behaviours()}) == len(behaviours())


def test_every_assumption_that_a_tenant_can_choose_has_a_row():
    (told,) = validate({**TENANT, "assumptions": {"none": 1}}, "tenant-settings")
    known = set(re.findall(r'"(\w+)"', told.expected.partition("known are")[2]))
    assert {f"assumptions.{name}" for name in known} <= {row.setting for row in behaviours()}


def test_every_workflow_setting_in_the_ledger_exists():
    settings = set(schema("workflow-settings")["properties"])
    named = {row.setting for row in behaviours() if row.side is Side.MOCK}
    plain = {name.partition(".")[0] for name in named} - {"", "limits", "assumptions", "faults"}
    assert plain <= settings

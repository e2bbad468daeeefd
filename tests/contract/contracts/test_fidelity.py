"""The ledger against the code: every behaviour has a test, every setting a row, no default lies.

That the tests pass is seen by the session itself, see ``LedgerWatch`` in ``tests/conftest.py``.
"""

import ast
import dataclasses
from functools import cache
from pathlib import Path
from typing import Any

import click
import pytest

from contracts.fidelity import Behaviour, Grade, Side, behaviours
from mock_qualtrics.settings import Answers, Limits, Settings
from mock_qualtrics.tenants.settings_documents import tenant_settings, workflow_settings
from sender.cli import main as sender
from sender.dataflow import ConsentRules, Dataflow, WhenToActivate

ROOT = Path(__file__).parents[3]
LABELS = {"name"}  # of a workflow: changes no behaviour


@cache
def names_in(file: str) -> frozenset[str]:
    tree = ast.parse((ROOT / file).read_text("utf-8"))
    found = (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))
    return frozenset(node.name for node in found)


OF_THE_SENDER = ("-", "consent.", "activation.", "identity_map_keys")


@cache
def defaults() -> dict[str, Any]:
    """Return every setting of mock and sender by its name in the ledger, with its real default."""
    tenant = tenant_settings({}, Settings()).to_mapping()
    found = {
        f"{group}.{name}": value
        for group in ("limits", "assumptions")
        for name, value in tenant[group].items()
    }
    found |= workflow_settings({"name": "Any"}).to_mapping()
    consent = dataclasses.asdict(ConsentRules())
    found |= {
        f"consent.{name}": ", ".join(value) if isinstance(value, tuple) else value
        for name, value in consent.items()
    }
    found |= {f"activation.{name}": on for name, on in dataclasses.asdict(WhenToActivate()).items()}
    (keys,) = (each for each in dataclasses.fields(Dataflow) if each.name == "identity_map_keys")
    found["identity_map_keys"] = keys.default
    export = sender.get_command(click.Context(sender), "export")
    return found | {
        name: option.default
        for option in export.params
        for name in option.opts
        if name.startswith("--")
    }


@pytest.mark.parametrize("row", behaviours(), ids=lambda row: row.id)
def test_the_test_that_a_row_names_exists(row: Behaviour) -> None:
    file, _, name = row.test.partition("::")
    assert (ROOT / file).is_file(), row.test
    assert name in names_in(file), row.test


@pytest.mark.parametrize(
    "row",
    [row for row in behaviours() if row.grade is Grade.ASSUMED or row.default is not None],
    ids=lambda row: row.id,
)
def test_what_a_row_calls_the_default_is_the_default(row: Behaviour) -> None:
    setting = row.setting.partition(" ")[0]
    assert setting in defaults()
    assert row.default == defaults()[setting]
    assert type(row.default) is type(defaults()[setting])


def test_every_setting_of_the_mock_that_changes_a_behaviour_has_a_row() -> None:
    named = {row.setting for row in behaviours() if row.side is Side.MOCK}
    named |= {setting.partition(".")[0] for setting in named}
    settings = {name for name in defaults() if not name.startswith(OF_THE_SENDER)} - LABELS
    assert settings <= named


@pytest.mark.parametrize(("group", "fields"), [("assumptions", Answers), ("limits", Limits)])
def test_every_field_of_the_settings_can_be_set_by_its_name(group: str, fields: type) -> None:
    defaults_of_fields = dataclasses.asdict(fields())
    settable = [name for name in defaults() if name.startswith(f"{group}.")]
    assert len(settable) >= len(defaults_of_fields)
    for name, default in defaults_of_fields.items():
        changed = not default if isinstance(default, bool) else default + 1
        settings = Settings(
            **{"limits" if fields is Limits else "answers": fields(**{name: changed})}
        )
        before, after = (tenant_settings({}, s).to_mapping()[group] for s in (Settings(), settings))
        assert before != after, f"{name} cannot be set"


class Report:
    """As much of a pytest report as the watch looks at."""

    def __init__(self, nodeid: str, when: str, outcome: str) -> None:
        self.nodeid, self.when, self.outcome = nodeid, when, outcome


@pytest.mark.parametrize(
    ("reports", "unproved"),
    [
        ([("call", "passed")], []),
        ([("setup", "passed"), ("call", "passed"), ("teardown", "passed")], []),
        ([], ["X-1", "X-2"]),
        ([("setup", "skipped")], ["X-1", "X-2"]),
        ([("call", "failed")], ["X-1", "X-2"]),
        ([("call", "passed"), ("teardown", "failed")], ["X-1", "X-2"]),
    ],
)
def test_a_row_whose_test_did_not_pass_is_found(ledger_watch, reports, unproved) -> None:
    rows = [
        dataclasses.replace(behaviours()[0], id=id_, test="tests/a.py::test_a")
        for id_ in ("X-1", "X-2")
    ]
    watch = ledger_watch(rows)
    for when, outcome in reports:
        watch.pytest_runtest_logreport(Report("tests/a.py::test_a[case]", when, outcome))
    assert [row.id for row in watch.unproved()] == unproved

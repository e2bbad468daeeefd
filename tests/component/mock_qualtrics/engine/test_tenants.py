"""Tenants: what each has of its own, and what is refused."""

import json
import sqlite3

import pytest

from mock_qualtrics.engine import Engine
from mock_qualtrics.errors import (
    InvalidSettingsError,
    NotFoundError,
    NotVirtualError,
    StoreFailedError,
)
from mock_qualtrics.gate.attribution import trigger_key
from mock_qualtrics.journal.tenant_documents import TenantDocuments
from mock_qualtrics.model import Answer
from mock_qualtrics.settings import Settings
from mock_qualtrics.tenants import tenant_index
from support.rehearsal import step_until_idle


def test_the_default_tenant_has_a_workflow_with_all_defaults():
    with Engine(Settings()) as engine:
        shown = engine.tenants.default.to_mapping("http://host")
        assert shown["clock"] == "real"
        assert len(shown["workflows"]) == 1
        (workflow,) = engine.tenants.default.workflows
        settings = workflow.to_mapping("http://host")
        assert settings["delay"] == {"kind": "fixed", "seconds": 0.2}
        assert settings["tasks"] == []
        assert settings["conditions"] == {}


def test_both_forms_of_the_url_name_the_workflow_Q_URL_2(rehearsal):  # noqa: N802  a fact's id
    for url in rehearsal.workflow.urls("").values():
        key = trigger_key(url.partition("?")[2])
        found = rehearsal.engine.tenants.by_trigger(key)
        assert found == (rehearsal.tenant, rehearsal.workflow)


def test_tenants_of_one_seed_never_share_an_id():
    with Engine(Settings()) as engine:
        made = [engine.tenants.create({"seed": 5}) for _ in range(3)]
        for tenant in made:
            engine.tenants.add_workflow(tenant, {"name": "W"})
        shown = [tenant.to_mapping("") for tenant in made]
        for name in ("id", "brandId", "username", "apiToken"):
            assert len({one[name] for one in shown}) == 3
        assert len({one["workflows"][0]["id"] for one in shown}) == 3


def test_the_same_seed_gives_the_same_tenant_on_another_server():
    shown = []
    for _ in range(2):
        with Engine(Settings(seed=9)) as engine:
            shown.append(engine.tenants.create({"clock": "virtual"}).to_mapping(""))
    assert shown[0] == shown[1]


def test_a_tenant_prints_nothing_secret(rehearsal):
    assert repr(rehearsal.tenant) == f"Tenant('{rehearsal.tenant.id}')"
    assert str(rehearsal.tenant.api_token) == "***"


@pytest.mark.parametrize("wrong", ["", "tenant-", "tenant-99", "tenant-01", "tenant-²", "x"])
def test_an_unknown_tenant_is_said_to_be_missing(rehearsal, wrong):
    with pytest.raises(NotFoundError, match="tenant"):
        rehearsal.engine.tenants.get(wrong)


def test_a_reset_tenant_is_as_it_was_made(rehearse):
    rehearsal = rehearse(
        {"tasks": [{"name": "T", "type": "record", "failFirst": 1}]},
        {"limits": {"callsPerMinute": 2, "runsPerDay": 2}},
    )

    def history() -> tuple[object, ...]:
        rehearsal.tenant.faults.add({"kind": "status", "status": 503, "when": {"every": 3}})
        answers = [rehearsal.send(b'{"n": 1}').body for _ in range(4)]
        rehearsal.advance(90)
        return answers, rehearsal.runs(), rehearsal.requests(), rehearsal.totals()

    before, shown = history(), rehearsal.tenant.to_mapping("")
    rehearsal.engine.tenants.reset(rehearsal.tenant.id)
    assert rehearsal.totals()["received"] == 0
    assert rehearsal.runs() == rehearsal.requests() == ()
    assert rehearsal.tenant.faults.all() == ()
    assert rehearsal.tenant.to_mapping("") == shown
    assert history() == before


def test_a_reset_forgets_what_was_staged_and_not_committed(rehearsal):
    rehearsal.engine.stage(rehearsal.call())
    rehearsal.engine.tenants.reset(rehearsal.tenant.id)
    rehearsal.engine.commit()
    assert rehearsal.requests() == ()
    rehearsal.advance(1)
    assert rehearsal.totals()["succeeded"] == 0


def test_a_call_under_way_is_judged_by_the_token_of_its_turn_Q_AUTH_6(rehearsal):  # noqa: N802
    engine, call = rehearsal.engine, rehearsal.call()
    target = engine.tenants.resolve(call.query)
    staged = engine.stage(call, target)
    engine.tenants.new_token(rehearsal.tenant.id)
    engine.commit()
    late = engine.receive(call, target)
    assert (staged.answer.status, late.status) == (202, 401)
    assert rehearsal.send().status == 202
    assert rehearsal.totals()["refusedBy"] == {"wrong-credential": 1}


def test_what_a_url_names_is_known_until_something_changes_and_of_few_short_urls(
    rehearsal, monkeypatch
):
    monkeypatch.setattr(tenant_index, "_MOST_TARGETS", 2)
    tenants, query = rehearsal.engine.tenants, rehearsal.call().query
    first = tenants.resolve(query)
    assert tenants.resolve(query) is first
    for number in range(5):
        assert tenants.resolve(f"urlTokenId={number}").tenant is None
    assert tenants.resolve(query + "&x=" + "x" * 3_000).tenant is rehearsal.tenant
    assert len(tenants._targets) <= 2
    tenants.delete_workflow(first.workflow.id)
    assert tenants.resolve(query).workflow is None


def test_a_new_token_survives_faults_and_a_restart(tmp_path):
    settings = Settings(store=f"sqlite:///{tmp_path}/mock.db")
    with Engine(settings) as engine:
        tenant = engine.tenants.default
        old = tenant.api_token.reveal()
        tokens = [engine.tenants.new_token(tenant.id).api_token.reveal() for _ in range(2)]
        tenant.faults.add({"kind": "status", "status": 503, "when": {"first": 1}})
        assert len({old, *tokens}) == 3
        assert engine.tenants.by_token(old) is None
    with Engine(settings) as engine:
        assert engine.tenants.default.api_token.reveal() == tokens[1]
        found = [engine.tenants.by_token(token) for token in (old, *tokens)]
        assert found == [None, None, engine.tenants.default]
        engine.tenants.delete(engine.tenants.default.id)
        assert engine.tenants.by_token(tokens[1]) is None


def test_a_token_that_cannot_be_stored_is_not_given(rehearsal, monkeypatch):
    old = rehearsal.tenant.api_token.reveal()

    def refuses(*_: object) -> None:
        raise StoreFailedError("full")

    monkeypatch.setattr(TenantDocuments, "put_tenant", refuses)
    with pytest.raises(StoreFailedError):
        rehearsal.engine.tenants.new_token(rehearsal.tenant.id)
    assert rehearsal.tenant.api_token.reveal() == old
    assert rehearsal.send().status == 202


def test_a_deleted_tenant_is_gone_with_its_url_and_token(rehearsal):
    rehearsal.send()
    engine, tenant = rehearsal.engine, rehearsal.tenant
    engine.tenants.delete(tenant.id)
    assert engine.receive(rehearsal.call()).status == 404
    assert tenant not in engine.tenants.all()
    with pytest.raises(NotFoundError):
        engine.tenants.workflow(rehearsal.workflow.id)
    with pytest.raises(NotFoundError):
        engine.advance(tenant.id, 1)
    assert step_until_idle(engine) is None


def test_nothing_is_stored_of_a_tenant_that_is_deleted_meanwhile(tmp_path):
    settings = Settings(store=f"sqlite:///{tmp_path}/journal.db")
    with Engine(settings) as engine:
        tenant = engine.tenants.create({})
        faults = tenant.faults
        engine.tenants.delete(tenant.id)
        with pytest.raises(NotFoundError, match=tenant.id):
            engine.tenants.add_workflow(tenant, {"name": "Late"})
        with pytest.raises(NotFoundError, match=tenant.id):
            faults.add({"kind": "run-failed", "when": {"first": 1}})
        assert not faults
    with Engine(settings) as engine:
        assert engine.tenants.all() == (engine.tenants.default,)
        assert len(engine.tenants.default.workflows) == 1


def test_a_stored_workflow_whose_tenant_is_gone_is_left_out(tmp_path, caplog):
    settings = Settings(store=f"sqlite:///{tmp_path}/journal.db")
    with Engine(settings) as engine:
        (workflow,) = engine.tenants.default.workflows
    with sqlite3.connect(tmp_path / "journal.db") as store:
        store.execute("UPDATE workflows SET document = json_set(document, '$.tenant', 9)")
    store.close()
    with Engine(settings) as engine:
        assert not engine.tenants.default.workflows
        with pytest.raises(NotFoundError):
            engine.tenants.workflow(workflow.id)
    assert "workflow 1 in the store is left out: its tenant is gone" in caplog.text


def test_a_workflow_is_changed_in_place(rehearsal):
    tenants = rehearsal.engine.tenants
    changed = tenants.update_workflow(
        rehearsal.workflow.id, {"enabled": False, "on_task_failure": "stop"}
    )
    assert changed.urls("") == rehearsal.workflow.urls("")
    assert (changed.enabled, changed.settings.on_task_failure) == (False, "stop")
    assert changed.name == "Survey"
    assert rehearsal.tenant.workflows == (changed,)


def test_toml_keys_and_wire_keys_mean_the_same(rehearsal):
    tenants = rehearsal.engine.tenants
    one = tenants.add_workflow(
        rehearsal.tenant,
        {
            "name": "Same",
            "require_authentication": False,
            "delay": {"kind": "uniform", "low_seconds": 1, "high_seconds": 2},
            "conditions": {"any": [{"path": "$.a", "not_equals": {"snake_case": 1}}]},
            "tasks": [
                {"name": "T", "type": "record", "fail_first": 2, "settings": {"snake_case": 1}}
            ],
        },
    )
    shown = one.settings.to_mapping()
    other = tenants.add_workflow(rehearsal.tenant, shown)
    assert other.settings == one.settings
    assert shown["conditions"] == {"any": [{"path": "$.a", "notEquals": {"snake_case": 1}}]}
    assert shown["tasks"][0]["settings"] == {"snake_case": 1}


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, "name"),
        ({"name": "W", "colour": "red"}, "colour"),
        ({"name": "W", "delay": {"kind": "fixed", "seconds": -1}}, "seconds"),
        ({"name": "W", "fields": [{"name": "f", "path": "person"}]}, r"fields\[0\]\.path"),
        ({"name": "W", "conditions": {"all": [{"path": "x", "equals": 1}]}}, "path"),
        (
            {"name": "W", "delay": {"kind": "uniform", "lowSeconds": 2, "highSeconds": 1}},
            "lowSeconds 2",
        ),
        (
            {"name": "W", "delay": {"kind": "lognormal", "medianSeconds": 2, "p95Seconds": 1}},
            "medianSeconds 2",
        ),
        (
            {"name": "W", "fields": [{"name": "f", "path": "$.a"}, {"name": "f", "path": "$.b"}]},
            "'f' more than once",
        ),
        (
            {
                "name": "W",
                "tasks": [
                    {
                        "name": "T",
                        "type": "web_service",
                        "settings": {"url": "http://127.0.0.1/~{aedj://a}"},
                    }
                ],
            },
            "literal URL",
        ),
    ],
)
def test_wrong_workflow_settings_are_refused_with_every_reason(rehearsal, given, expected):
    with pytest.raises(InvalidSettingsError, match=expected):
        rehearsal.engine.tenants.add_workflow(rehearsal.tenant, given)
    assert len(rehearsal.tenant.workflows) == 1


@pytest.mark.parametrize(
    "given", [{"clock": "lunar"}, {"limits": {"callsPerMinute": -1}}, {"colour": "red"}]
)
def test_wrong_tenant_settings_are_refused(rehearsal, given):
    before = rehearsal.engine.tenants.all()
    with pytest.raises(InvalidSettingsError):
        rehearsal.engine.tenants.create(given)
    assert rehearsal.engine.tenants.all() == before


def test_the_life_cycle_survives_a_restart(tmp_path):
    settings = Settings(store=f"sqlite:///{tmp_path}/mock.db")
    with Engine(settings) as engine:
        tenants = engine.tenants
        draft = tenants.add_workflow(tenants.default, {"name": "D", "draft": True})
        edited = tenants.add_workflow(tenants.default, {"name": "E"})
        tenants.publish_workflow(draft.id)
        tenants.update_workflow(edited.id, {"retry_tasks": True, "publish": False})
        before = [tenants.workflow(one.id).to_mapping("") for one in (draft, edited)]
    assert [shown["state"] for shown in before] == ["published", "active"]
    assert before[1]["unpublished"] == {"retryTasks": True}
    with Engine(settings) as engine:
        after = [engine.tenants.workflow(one.id).to_mapping("") for one in (draft, edited)]
    assert after == before


def test_what_is_assumed_can_be_chosen_for_each_tenant(rehearse):
    assumptions = {"acceptedStatus": 200, "retryAfter": True, "window": "fixed"}
    rehearsal = rehearse(
        tenant={
            "assumptions": assumptions,
            "limits": {"callsPerMinute": 1},
            "startAt": "2026-01-01T00:00:59Z",
        }
    )
    assert rehearsal.send().status == 200
    refused = rehearsal.send()
    assert (refused.status, dict(refused.headers)["retry-after"]) == (429, "1")
    rehearsal.advance(1)
    assert rehearsal.send().status == 200
    shown = rehearsal.tenant.to_mapping("")["assumptions"]
    assert {name: shown[name] for name in assumptions} == assumptions


def test_refused_calls_use_up_nothing_unless_told_so_Q_LIM_5(rehearse):  # noqa: N802
    for counted, status in ((False, 202), (True, 429)):
        rehearsal = rehearse(
            tenant={
                "assumptions": {"countRefusedCalls": counted},
                "limits": {"callsPerMinute": 1},
            }
        )
        rehearsal.send(b"no json")
        assert rehearsal.send().status == status


def test_only_a_virtual_clock_can_be_advanced():
    with Engine(Settings()) as engine, pytest.raises(NotVirtualError):
        engine.advance(engine.tenants.default.id, 1)


def test_faults_survive_a_restart(rehearse, tmp_path):
    store = f"sqlite:///{tmp_path}/journal.db"
    before = rehearse(store=store)
    before.tenant.faults.add({"kind": "status", "status": 503, "when": {"first": 2}})
    fault = before.tenant.faults.add({"kind": "status", "status": 500, "when": {"every": 1}})
    before.tenant.faults.remove(fault.id)
    assert before.send().status == 503
    before.engine.close()
    with Engine(Settings(store=store)) as engine:
        assert [engine.receive(before.call()).status for _ in range(2)] == [503, 202]
        (row, *_) = engine.journal.requests_page(before.tenant.number).items
        assert row["status"] == 202
        assert engine.journal.totals(before.tenant.number)["refusedBy"] == {"fault:status": 2}


def test_a_lowered_limit_is_in_force_for_the_calls_it_applies_to(rehearsal):
    rehearsal.tenant.faults.add({"kind": "lower-limit", "callsPerMinute": 1, "when": {"first": 2}})
    assert [rehearsal.send().status for _ in range(3)] == [202, 429, 202]


def test_whoami_says_whose_credential_it_is_Q_AUTH_5(rehearsal):  # noqa: N802  a fact's id
    def ask(headers: tuple[tuple[str, str], ...]) -> Answer:
        return rehearsal.send(method="GET", path="/API/v3/whoami", query="", headers=headers)

    token = ("x-api-token", rehearsal.tenant.api_token.reveal())
    told = json.loads(ask((token,)).body)["result"]
    assert (told["brandId"], told["userId"], told["userName"]) == (
        rehearsal.tenant.brand_id,
        rehearsal.tenant.user_id,
        rehearsal.tenant.username,
    )
    assert set(told) == {
        "brandId",
        "userId",
        "userName",
        "accountType",
        "firstName",
        "lastName",
        "email",
        "datacenter",
    }
    assert ask(()).status == 400
    assert ask((("x-api-token", "PLACEHOLDER"),)).status == 401
    assert rehearsal.totals()["received"] == 0
    assert len(rehearsal.requests()) == 1
    assert len(rehearsal.engine.journal.requests_page(None).items) == 2


def test_a_changed_limit_counts_what_came_before_it(rehearse):
    rehearsal = rehearse({}, {"limits": {"callsPerMinute": 5, "runsPerDay": 4}})
    change = rehearsal.engine.tenants.change_settings
    for _ in range(3):
        assert rehearsal.send().status == 202
    change(rehearsal.tenant.id, {"limits": {"callsPerMinute": 3}})
    assert rehearsal.send().status == 429
    change(rehearsal.tenant.id, {"limits": {"callsPerMinute": 4}, "assumptions": {}})
    assert [rehearsal.send().status for _ in range(2)] == [202, 429]
    change(rehearsal.tenant.id, {"assumptions": {"retryAfter": True, "window": "fixed"}})
    assert dict(rehearsal.send().headers)["retry-after"] == "60"
    change(rehearsal.tenant.id, {"limits": {"windowSeconds": 10}})
    assert dict(rehearsal.send().headers)["retry-after"] == "10"
    rehearsal.advance(10)
    assert rehearsal.send().status == 202
    assert rehearsal.tenant.limits.runs_per_day == 4  # what is not named stays
    assert rehearsal.totals()["blocked"] == 1


def test_changes_of_limits_survive_a_restart_but_for_the_tenant_of_serve(tmp_path):
    settings = Settings(store=f"sqlite:///{tmp_path}/mock.db", seed=5)
    changes = {"limits": {"payload_bytes": 7}, "assumptions": {"acceptedStatus": 200}}
    with Engine(settings) as engine:
        made = engine.tenants.create({"limits": {"callsPerMinute": 9}})
        for tenant in (engine.tenants.default, made):
            changed = engine.tenants.change_settings(tenant.id, changes)
            assert (changed.limits.payload_bytes, changed.answers.accepted_status) == (7, 200)
    with Engine(settings) as engine:
        first, second = engine.tenants.all()
        assert (first.limits.payload_bytes, first.answers.accepted_status) == (102_400, 202)
        assert (second.limits.payload_bytes, second.answers.accepted_status) == (7, 200)
        assert (second.limits.calls_per_minute, second.seed) == (9, 5)


def test_a_change_that_is_wrong_or_cannot_be_stored_changes_nothing(rehearsal, monkeypatch):
    change, before = rehearsal.engine.tenants.change_settings, rehearsal.tenant.settings
    with pytest.raises(InvalidSettingsError) as refused:
        change(rehearsal.tenant.id, {"clock": "real", "limits": {"callsPerMinute": -1}})
    assert len(refused.value.violations) == 2

    def refuses(*_: object) -> None:
        raise StoreFailedError("full")

    monkeypatch.setattr(TenantDocuments, "put_tenant", refuses)
    with pytest.raises(StoreFailedError):
        change(rehearsal.tenant.id, {"limits": {"callsPerMinute": 0}})
    assert rehearsal.tenant.settings is before
    assert rehearsal.send().status == 202

"""The page of the controls: each form does what it says, and says what is wrong beside it."""

import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import pytest
from werkzeug.test import TestResponse

from mock_qualtrics import Settings, create_app
from mock_qualtrics.engine import Engine
from mock_qualtrics.tenants.tenant import Tenant
from mock_qualtrics.web.pages.controls.samples import SAMPLES
from support.rehearsal import trigger_call

if TYPE_CHECKING:
    from flask.testing import FlaskClient


class Controls:
    """Somebody who looks at the controls of an engine and sends their forms."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.client: FlaskClient = create_app(engine=engine).test_client()

    @property
    def tenant(self) -> Tenant:
        return self.engine.tenants.default

    def token(self) -> str:
        return self.read().partition('name="form-token" value="')[2].partition('"')[0]

    def read(self, **query: str) -> str:
        answer = self.client.get("/controls", query_string=query)
        assert answer.status_code == 200
        return answer.get_data(as_text=True)

    def post(self, path: str, tenant: Tenant | None = None, **form: str) -> TestResponse:
        place = "tenants" if path == "tenants" else f"{(tenant or self.tenant).id}/{path}"
        return self.client.post(f"/controls/{place}", data={"form-token": self.token(), **form})

    def do(self, path: str, tenant: Tenant | None = None, **form: str) -> str:
        """Send a form, and return the page that it leads to."""
        answer = self.post(path, tenant, **form)
        assert answer.status_code == 303, answer.get_data(as_text=True)
        shown = self.client.get(answer.headers["Location"])
        assert shown.status_code == 200
        return shown.get_data(as_text=True)

    def refused(self, path: str, **form: str) -> str:
        answer = self.post(path, **form)
        assert answer.status_code == 400
        return answer.get_data(as_text=True)


Open = Callable[..., Controls]


@pytest.fixture
def opened() -> Iterator[Open]:
    """Make an engine and somebody who looks at its controls."""
    engines: list[Engine] = []

    def make(**settings: object) -> Controls:
        engines.append(Engine(Settings(**{"clock": "virtual", **settings})))
        return Controls(engines[-1])

    yield make
    for engine in engines:
        engine.close()


@pytest.fixture
def controls(opened: Open) -> Controls:
    return opened()


def test_a_virtual_clock_is_advanced_by_what_people_write(controls):
    assert "was advanced" in controls.do("clock/advance", by="1h30m")
    assert 'datetime="2026-01-01T01:30:00.000000Z"' in controls.read()
    assert "Say how long" in controls.refused("clock/advance", by="<b>soon")
    assert 'value="&lt;b&gt;soon"' in controls.refused("clock/advance", by="<b>soon")
    assert "Say how long" in controls.refused("clock/advance", by="9999d")


def test_a_clock_is_run_until_idle_and_the_page_says_what_it_did(controls):
    controls.engine.receive(trigger_call(controls.engine))
    assert "2026-01-01 00:00:00.200" in controls.read().partition("Next due")[2]
    shown = controls.do("clock/advance", until="idle")
    assert "1 run finished: 1 succeeded, 0 failed. Nothing waits." in shown


def test_a_real_clock_has_no_dead_buttons(opened):
    shown = opened(clock="real").read()
    assert "nothing can move it" in shown
    assert "Run until idle" not in shown


def test_a_fault_is_added_listed_with_what_it_met_and_removed(controls):
    assert "Nothing goes wrong on purpose" in controls.read()
    assert 'name="retryAfterSeconds"' in controls.read(fault="status")
    condition = {"condition": "first", "when-first": "1"}
    shown = controls.do("faults", kind="status", status="503", **condition)
    assert "The fault was added" in shown
    assert controls.engine.receive(trigger_call(controls.engine)).status == 503
    assert controls.engine.receive(trigger_call(controls.engine)).status == 202
    assert '<td data-label="Calls met" id="fault-1-met">1, used up</td>' in controls.read()
    assert "since the fault was added, or since this server started" in controls.read()
    controls.do("faults/remove", id="fault-1")
    controls.do("faults", kind="empty", **condition)
    assert "All faults were removed" in controls.do("faults/clear")
    assert controls.tenant.faults.all() == ()


def test_what_is_wrong_with_a_fault_stands_beside_its_field(controls):
    form = {"kind": "status", "status": "200", "condition": "between"}
    shown = controls.refused("faults", **form, **{"when-between-0": "5", "when-between-1": "<i>"})
    assert "found 200, expected" in shown.partition('id="status-error"')[2][:60]
    assert 'id="when-between-1-error"' in shown
    assert 'value="&lt;i&gt;"' in shown
    assert controls.tenant.faults.all() == ()
    assert controls.post("faults", kind="<b>").status_code == 400


def test_faults_that_break_connections_are_not_offered_without_wire_faults(controls, opened):
    assert "fault=hang" not in controls.read()
    assert "serve --wire-faults" in controls.read()
    assert "fault=hang" in opened(wire_faults=True).read()
    forged = {"kind": "hang", "condition": "first", "when-first": "1"}
    assert controls.post("faults", **forged).status_code == 409


def test_limits_and_assumptions_are_changed_and_their_use_is_shown(controls):
    controls.engine.receive(trigger_call(controls.engine))
    form = {"limits-callsPerMinute": "1", "assumptions-retryAfter": "yes"}
    shown = controls.do("settings", **form)
    assert "Calls of the minute <b>1</b> of 1 used" in shown
    assert "Runs of the day <b>1</b> of 300,000 used" in shown
    assert "flags of each start" in shown
    refused = controls.engine.receive(trigger_call(controls.engine))
    assert (refused.status, dict(refused.headers)["retry-after"]) == (429, "60")
    chosen = controls.tenant.settings.chosen
    assert chosen == {"limits": {"callsPerMinute": 1}, "assumptions": {"retryAfter": True}}


def test_a_form_puts_back_no_setting_that_changed_since_it_was_made(controls):
    hidden = re.findall(r'type="hidden" name="(before-[^"]+)" value="([^"]*)"', controls.read())
    untouched = {name.removeprefix("before-"): text for name, text in hidden}
    assert untouched["limits-callsPerMinute"] == "3000"
    controls.engine.tenants.change_settings(controls.tenant.id, {"limits": {"callsPerMinute": 5}})
    form = {**dict(hidden), **untouched, "limits-payloadBytes": "-1"}
    again = controls.refused("settings", **form)
    assert 'name="before-limits-callsPerMinute" value="3000"' in again
    controls.do("settings", **{**form, "limits-payloadBytes": "2048"})
    limits = controls.tenant.limits
    assert (limits.calls_per_minute, limits.payload_bytes) == (5, 2_048)


def test_what_is_wrong_with_a_limit_stands_beside_its_field(controls):
    form = {"limits-callsPerMinute": "-1", "assumptions-acceptedStatus": "500"}
    shown = controls.refused("settings", **form)
    assert "found -1, expected" in shown.partition('id="limits-callsPerMinute-error"')[2][:60]
    assert "found 500, expected" in shown.partition('id="assumptions-acceptedStatus-error"')[2][:60]
    assert controls.tenant.limits.calls_per_minute == 3_000


def test_a_reset_is_confirmed_and_says_what_is_lost(controls):
    controls.engine.receive(trigger_call(controls.engine))
    assert "<b>1</b> calls" in controls.read()
    assert "Tick the box first" in controls.refused("reset")
    assert controls.engine.journal.counters(controls.tenant.number).received == 1
    assert "was reset" in controls.do("reset", sure="yes")
    assert controls.engine.journal.counters(controls.tenant.number).received == 0


def test_tenants_are_created_and_deleted(controls):
    form = {"clock": "skipping", "seed": "7", "new-limits-callsPerMinute": "60"}
    shown = controls.do("tenants", **form)
    assert "The tenant was created" in shown
    assert "A skipping clock" in shown
    made = controls.engine.tenants.all()[-1]
    assert (made.seed, made.limits.calls_per_minute, len(made.workflows)) == (7, 60, 1)
    assert "Changes are stored" in shown
    assert "Tick the box first" in controls.refused("delete")
    assert "The tenant was deleted" in controls.do("delete", made, sure="yes")
    assert len(controls.engine.tenants.all()) == 1
    shown = controls.refused("tenants", clock="virtual", seed="x")
    assert "expected" in shown.partition('id="new-seed-error"')[2][:60]
    assert len(controls.engine.tenants.all()) == 1


def test_without_a_tenant_one_can_be_created(controls):
    token = controls.token()
    controls.engine.tenants.delete(controls.tenant.id)
    assert "There is no tenant" in controls.read()
    controls.client.post("/controls/tenants", data={"form-token": token})
    assert len(controls.engine.tenants.all()) == 1


def test_the_token_is_shown_when_it_is_asked_for_and_can_be_replaced(controls):
    token = controls.tenant.api_token.reveal()
    assert f"<code>{token}</code>" not in controls.read()
    assert f"<code>{token}</code>" in controls.read(reveal="token")
    assert "a new API token" in controls.do("token")
    assert controls.tenant.api_token.reveal() != token


@pytest.mark.parametrize(
    ("sample", "seen"),
    [
        ("succeeds", "Run RUN_"),
        ("wrong-token", "401"),
        ("unknown-url", "unknown-trigger"),
        ("run-fails", "Run RUN_"),
    ],
)
def test_each_sample_is_a_real_call_that_leads_to_what_became_of_it(controls, sample, seen):
    controls.do("samples", sample="run-fails")  # its workflow is not taken for the others
    controls.engine.step()
    assert seen in controls.do("samples", sample=sample)
    controls.engine.advance(controls.tenant.id, 1)
    totals = controls.engine.journal.totals(controls.tenant.number)
    failed = 2 if sample == "run-fails" else 1
    assert (totals["failed"], totals["succeeded"]) == (failed, int(sample == "succeeds"))
    refused = {"wrong-token": {"wrong-credential": 1}, "unknown-url": {"unknown-trigger": 1}}
    assert totals["refusedBy"] == refused.get(sample, {})
    assert len(controls.tenant.workflows) == 2


def test_run_history_offers_samples_until_a_call_has_come(controls):
    button = "Send a sample event"
    assert button in controls.client.get("/runs").get_data(as_text=True)
    controls.do("samples", sample="unknown-url")
    assert button not in controls.client.get("/runs").get_data(as_text=True)
    for workflow in controls.tenant.workflows:
        controls.engine.tenants.delete_workflow(workflow.id)
    assert button in controls.client.get("/runs").get_data(as_text=True)


def test_a_sample_needs_no_workflow(controls):
    for workflow in controls.tenant.workflows:
        controls.engine.tenants.delete_workflow(workflow.id)
    assert set(SAMPLES) == {"succeeds", "wrong-token", "unknown-url", "run-fails"}
    controls.do("samples", sample="succeeds")
    assert [workflow.name for workflow in controls.tenant.workflows] == ["Rehearsal"]
    assert controls.post("samples", sample="<b>").status_code == 404


def test_no_form_is_taken_without_its_token(controls):
    rules = controls.client.application.url_map.iter_rules()
    paths = [rule.rule for rule in rules if rule.rule.startswith("/controls/")]
    assert len(paths) == 10
    for path in paths:
        answer = controls.client.post(path.replace("<tenant_id>", controls.tenant.id))
        assert answer.status_code == 403, path
    assert controls.client.get("/controls", query_string={"done": "<b>"}).status_code == 200
    assert 'id="notice"' not in controls.read(done="<b>")

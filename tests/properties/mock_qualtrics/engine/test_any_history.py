"""Any history of calls, changes, faults, times and restarts: the mock is what a plain model is.

A failure prints the steps as Python, which make it happen again.
"""

import base64
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import seed, settings
from hypothesis import strategies as st
from hypothesis.internal.conjecture import engine
from hypothesis.stateful import (
    RuleBasedStateMachine,
    get_state_machine_test,
    initialize,
    invariant,
    precondition,
    rule,
)

from mock_qualtrics.clock import format_instant
from mock_qualtrics.engine import Engine
from mock_qualtrics.gate.attribution import TRIGGER_PATH
from mock_qualtrics.journal import UNATTRIBUTED
from mock_qualtrics.model import Call
from mock_qualtrics.settings import Settings
from support.minute_sums import same_in, sum_of_minutes
from support.plain_mock import (
    BODIES,
    CREDENTIALS,
    DAY,
    MOST_BYTES,
    SECOND,
    START,
    PlainFault,
    PlainTenant,
)
from support.plain_mock import PlainWorkflow as Plain

WRONG = "PLACEHOLDERTOKENPLACEHOLDERTOKENPLACEHOL"
LAST_DAY = 25  # a history is shorter than rows are kept
MOST_TENANTS, MOST_WORKFLOWS = 3, 3
TASK = {"name": "T", "type": "email", "settings": {"to": "~{aedj://email}"}}

which = st.integers(0, 2)
bodies = st.sampled_from(list(BODIES))
good_bodies = st.sampled_from([body for body, wrong in BODIES.items() if wrong is None])
traces = st.sampled_from([None, None, "t-1", "t-2"])
credentials = st.sampled_from(list(CREDENTIALS))
times = st.integers(1, 3)
one_in_two = st.booleans()
limits = st.fixed_dictionaries(
    {
        "callsPerMinute": st.sampled_from([2, 3, 100]),
        "windowSeconds": st.sampled_from([60, 2, 1]),
        "runsPerDay": st.sampled_from([100, 3]),
        "payloadBytes": st.just(MOST_BYTES),
    }
)
assumptions = st.fixed_dictionaries(
    {
        "window": st.sampled_from(["sliding", "fixed"]),
        "countRefusedCalls": one_in_two,
        "everyCredentialCounts": one_in_two,
        "acceptedStatus": st.sampled_from([202, 200]),
        "disabledStatus": st.sampled_from([404, 202]),
        "dayBeginsAtMinute": st.sampled_from([0, 1, 1_439]),
        "runNowTakesFromTheDay": one_in_two,
        "runNowTakesLiveSettings": one_in_two,
    }
)
edits = st.fixed_dictionaries(
    {},
    optional={
        "delay": st.sampled_from([0.2, 0, 1, 90, 100_000]),
        "task": st.sampled_from([None, 0, 2]),  # none, or how many first tries fail on purpose
        "retryTasks": one_in_two,
        "requireAuthentication": one_in_two,
    },
)
whens = st.sampled_from(
    [
        ("first", 1),
        ("first", 3),
        ("every", 2),
        ("between", (0, 60)),
        ("sinceFirstCall", (0, 60)),
        ("path", "$.hit"),
    ]
)
faults = st.sampled_from(
    [
        {"kind": "status", "status": 503},
        {"kind": "redirect", "location": "/elsewhere"},
        {"kind": "lower-limit", "callsPerMinute": 1},
        *(
            {"kind": kind}
            for kind in (
                "hang",
                "reset-before-read",
                "reset-after-journal",
                "interim",
                "empty",
                "not-json",
                "run-failed",
                "run-twice",
            )
        ),
    ]
)
seconds = st.sampled_from([0, 0.2, 0.8, 1, 2, 59.8, 60, 61, 3_600, 86_400])


def document(changes: dict[str, Any]) -> dict[str, Any]:
    """Return a plain workflow's settings as the control API takes them."""
    shown = dict(changes)
    if "delay" in shown:
        shown["delay"] = {"kind": "fixed", "seconds": shown["delay"]}
    if "task" in shown:
        first = shown.pop("task")
        shown["tasks"] = [] if first is None else [{**TASK, "failFirst": first}]
    return shown


class Host:
    """One engine for all histories, because to make one takes as long as a short history."""

    def __init__(self, folder: Path) -> None:
        self._settings = Settings(store=f"sqlite:///{folder / 'mock.db'}", wire_faults=True)
        self.engine = Engine(self._settings)

    def restart(self, *, is_kill: bool) -> None:
        if is_kill:  # nothing is written any more: what was answered has to be there all the same
            self.engine._store.close()
        else:
            self.engine.close()
        self.engine = Engine(self._settings)

    def strays(self) -> int:
        totals = self.engine.journal.totals(UNATTRIBUTED)
        return totals["received"] + totals["otherCalls"]


class Histories(RuleBasedStateMachine):
    """Each rule does the same to the mock and to the model; each history has tenants of its own."""

    host: Host

    def __init__(self) -> None:
        super().__init__()
        self.plain: list[tuple[str, PlainTenant]] = []
        self.ids: dict[int, str] = {}
        self.strays = self.host.strays()
        self.touched: set[str] = set()

    @property
    def engine(self) -> Engine:
        return self.host.engine

    def teardown(self) -> None:
        for tenant_id, _ in self.plain:
            self.engine.tenants.delete(tenant_id)

    # What is there to begin with, and more of it

    @initialize(limits=limits, assumptions=assumptions, edits=edits)
    def begin(self, limits, assumptions, edits) -> None:
        self.add_tenant(limits, assumptions, edits)

    @precondition(lambda self: len(self.plain) < MOST_TENANTS)
    @rule(limits=limits, assumptions=assumptions, edits=edits)
    def add_tenant(self, limits, assumptions, edits) -> None:
        given = {"clock": "virtual", "limits": limits, "assumptions": assumptions}
        made = self.engine.tenants.create(given)
        self.plain.append((made.id, PlainTenant(limits, assumptions)))
        self.add_workflow(len(self.plain) - 1, edits, is_draft=False)

    @rule(which=which, edits=edits, is_draft=one_in_two)
    def add_workflow(self, which, edits, is_draft) -> None:
        tenant, plain = self.tenant(which)
        if len(plain.workflows) == MOST_WORKFLOWS:
            return
        live = {"delay": 0.2, "task": None, "retryTasks": False, "requireAuthentication": True}
        fields = [{"name": "email", "path": "$.email"}]
        given = {"name": "Survey", "fields": fields, "draft": is_draft, **document(edits)}
        made = self.engine.tenants.add_workflow(tenant, given)
        plain.workflows.append(Plain({**live, **edits}, not is_draft, is_draft))
        self.ids[id(plain.workflows[-1])] = made.id

    # Calls

    @rule(which=which, workflow=which, body=good_bodies, trace=traces, times=times)
    def trigger(self, which, workflow, body, trace, times) -> None:
        for _ in range(times):
            self.send(which, workflow, "header", body, trace)

    @rule(which=which, workflow=which, body=bodies, trace=traces)
    def trigger_in_the_older_form(self, which, workflow, body, trace) -> None:
        self.send(which, workflow, "basic", body, trace, form="legacyTriggerUrl")

    @rule(which=which, workflow=which, credential=credentials, body=bodies)
    def trigger_with(self, which, workflow, credential, body) -> None:
        self.send(which, workflow, credential, body)

    @rule(which=which, credential=credentials)
    def call_an_unknown_trigger(self, which, credential) -> None:
        tenant, plain = self.tenant(which)
        self.receive(tenant, credential, b"{}", None, query="urlTokenId=unknown")
        if plain.refuses(credential):
            self.strays += 1
        else:
            plain.receive(None, credential, b"{}", None)

    @rule(
        which=which,
        credential=credentials,
        name=st.sampled_from([("GET", "/API/v3/whoami", 200, "whoami")])
        | st.just(("POST", "/elsewhere", 404, "unknown-path")),
    )
    def call_elsewhere(self, which, credential, name) -> None:
        tenant, plain = self.tenant(which)
        method, path, status, reason = name
        self.receive(tenant, credential, b"", "t-1", method=method, path=path)
        if plain.refuses(credential):
            self.strays += 1
        else:
            plain.other(status, reason, credential, "t-1")

    @rule(which=which, workflow=which, body=good_bodies)
    def run_now(self, which, workflow, body) -> None:
        _, plain = self.tenant(which)
        chosen = plain.workflows[workflow % len(plain.workflows)]
        self.engine.run_now(self.ids[id(chosen)], body)
        plain.run_now(chosen, body)

    # Changes

    @rule(which=which, workflow=which, act=st.sampled_from(["enable", "disable", "publish"]))
    def switch(self, which, workflow, act) -> None:
        chosen = self.workflow(which, workflow)
        if act == "publish":
            self.engine.tenants.publish_workflow(self.ids[id(chosen)])
            chosen.change({})
            return
        self.engine.tenants.update_workflow(self.ids[id(chosen)], {"enabled": act == "enable"})
        chosen.switch(on=act == "enable")

    @rule(which=which, workflow=which, edits=edits, publish=one_in_two)
    def edit(self, which, workflow, edits, publish) -> None:
        chosen = self.workflow(which, workflow)
        changes = {**document(edits), "publish": publish}
        self.engine.tenants.update_workflow(self.ids[id(chosen)], changes)
        chosen.change(edits, publish=publish)

    @rule(which=which, fault=faults, when=whens, beside=one_in_two)
    def add_fault(self, which, fault, when, beside) -> None:
        tenant, plain = self.tenant(which)
        if not beside or len(plain.faults) > 2:
            tenant.faults.clear()
            plain.faults.clear()
        name, value = when
        given = {name: list(value) if isinstance(value, tuple) else value}
        tenant.faults.add({**fault, "when": given})
        plain.faults.append(PlainFault(fault["kind"], when, plain.counts["received"], plain.now))

    @rule(which=which)
    def clear_faults(self, which) -> None:
        tenant, plain = self.tenant(which)
        tenant.faults.clear()
        plain.faults.clear()

    # Time, and the end of a process

    @rule(which=which, seconds=seconds)
    def advance(self, which, seconds) -> None:
        tenant, plain = self.tenant(which)
        if plain.now + seconds * SECOND < START + LAST_DAY * DAY:
            self.engine.advance(tenant.id, seconds)
            plain.advance(seconds)

    @rule(which=which, moment=st.integers(0, 5), is_early=one_in_two)
    def advance_to_a_moment_or_just_before(self, which, moment, is_early) -> None:
        moments = self.tenant(which)[1].moments()
        if moments:
            microseconds = moments[moment % len(moments)] - self.tenant(which)[1].now - is_early
            self.advance(which, microseconds / SECOND)

    @rule(is_kill=one_in_two)
    def restart(self, is_kill) -> None:
        self.host.restart(is_kill=is_kill)
        self.touched = {tenant_id for tenant_id, _ in self.plain}

    # What has to agree

    @invariant()
    def everything_agrees(self) -> None:
        journal = self.engine.journal
        assert self.host.strays() == self.strays
        for tenant_id, plain in self.plain:
            tenant = self.engine.tenants.get(tenant_id)
            totals = plain.totals()
            assert journal.totals(tenant.number) == totals
            assert tenant.clock.now() == plain.now
            if tenant_id in self.touched:  # reading all calls and runs takes time
                self.lists_agree(tenant, plain)
                assert sum_of_minutes(journal, tenant.number) == same_in(totals)
        self.touched = set()

    def lists_agree(self, tenant, plain) -> None:
        assert self.calls(tenant) == [shown_call(call) for call in plain.calls]
        for workflow in plain.workflows:
            runs = [shown_run(run) for run in plain.runs if run.workflow is workflow]
            assert self.runs(self.ids[id(workflow)]) == runs

    def calls(self, tenant) -> list[tuple]:
        names = ("status", "reason", "receivedAt", "traceId", "tokenIn", "faults")
        rows = self.engine.journal.requests_page(tenant.number, 500).items
        return [
            (*(row[name] for name in names), row["runId"] is not None) for row in reversed(rows)
        ]

    def runs(self, workflow_id: str) -> list[tuple]:
        names = ("receivedOn", "dueOn", "startedOn", "finishedOn", "runNow")
        rows = self.engine.journal.runs_page(workflow_id, limit=500).items
        return [
            (
                row["status"],
                row["event"].text,
                *(row[name] for name in names),
                row["tasks"][0]["attempts"] if row["tasks"] else 0,
            )
            for row in reversed(rows)
        ]

    # How it is done

    def tenant(self, which: int) -> tuple[Any, PlainTenant]:
        tenant_id, plain = self.plain[which % len(self.plain)]
        self.touched.add(tenant_id)
        return self.engine.tenants.get(tenant_id), plain

    def workflow(self, which: int, workflow: int) -> Plain:
        workflows = self.tenant(which)[1].workflows
        return workflows[workflow % len(workflows)]

    def send(self, which, workflow, credential, body, trace=None, form="triggerUrl") -> None:
        tenant, plain = self.tenant(which)
        chosen = plain.workflows[workflow % len(plain.workflows)]
        urls = self.engine.tenants.workflow(self.ids[id(chosen)]).urls("")
        query = urls[form].partition("?")[2]
        self.receive(tenant, credential, body, trace, query=query)
        plain.receive(chosen, credential, body, trace)

    def receive(
        self, tenant, credential, body, trace, *, method="POST", path=TRIGGER_PATH, query=""
    ) -> None:
        headers = [("content-type", "application/json"), *shown_credentials(tenant, credential)]
        headers += [("x-trace-id", trace)] if trace else []
        self.engine.receive(Call(method, path, query, tuple(headers), body))


def shown_credentials(tenant, credential: str) -> list[tuple[str, str]]:
    token = tenant.api_token.reveal()
    pair = base64.b64encode(f"{tenant.username}:{token}".encode()).decode()
    header, basic = ("x-api-token", token), ("authorization", f"Basic {pair}")
    wrong = ("authorization", f"Basic {base64.b64encode(f'x:{WRONG}'.encode()).decode()}")
    return {
        "header": [header],
        "basic": [basic],
        "both": [header, basic],
        "one of two wrong": [header, wrong],
        "wrong": [("x-api-token", WRONG)],
        "bearer": [("authorization", f"Bearer {token}")],
        "none": [],
    }[credential]


def shown_call(call: tuple) -> tuple:
    status, reason, received, *rest = call
    return (status, reason, format_instant(received), *rest)


def shown_run(run) -> tuple:
    status, body, *instants, by_hand, tries = run.shown()
    times = [None if one is None else format_instant(one) for one in instants]
    return (status, body.decode(), *times, by_hand, tries)


@pytest.fixture
def host(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Host]:
    host = Host(tmp_path)
    monkeypatch.setattr(Histories, "host", host, raising=False)
    # A failure is made shorter, but not for the five minutes that Hypothesis would take.
    monkeypatch.setattr(engine, "MAX_SHRINKING_SECONDS", 20, raising=False)
    yield host
    host.engine.close()


@pytest.mark.usefixtures("host")
@pytest.mark.parametrize("number", [1, 3, 4])
def test_any_history_is_the_plain_models(number):
    # Of more than ten examples most would be copies of another one with a small change.
    few = settings(max_examples=settings.default.max_examples // 10, stateful_step_count=40)
    histories = get_state_machine_test(Histories, settings=few)
    (seed(number)(histories) if settings.default.derandomize else histories)()

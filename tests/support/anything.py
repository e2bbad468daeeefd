"""Settings and events of every kind, sent to an engine through its app: nothing stops for anybody.

The same rehearsal is made with every kind of store.
"""

import json
from dataclasses import dataclass
from typing import Any

from flask.testing import FlaskClient
from hypothesis import strategies as st

from contracts import CONTROL_PATH
from mock_qualtrics import create_app
from mock_qualtrics.engine import Engine
from mock_qualtrics.events import strict_json
from mock_qualtrics.settings import Settings
from mock_qualtrics.tenants.tenant import Tenant

SUCCESS = range(200, 300)
FAILURE = 500  # the server's own, as any status from here on
_ODD = st.sampled_from(
    ["\0", "a\0b", "\ud800", "\udc80x", "", "~{aedj://f}", "ÿ", "😀", "x" * 3_000]
)
_TEXTS = st.one_of(_ODD, st.text(max_size=5))
_INTEGERS = st.sampled_from([0, 1, -1, 2**31, 2**53, 2**63, 2**64, -(2**63) - 1, 10**400])
_NUMBERS = st.one_of(_INTEGERS, st.sampled_from([0.5, 1e308, float("nan"), float("inf")]))
_SCALARS = st.one_of(st.none(), st.booleans(), _NUMBERS, _TEXTS)
_VALUES = st.recursive(
    _SCALARS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=2), st.dictionaries(_TEXTS, inner, max_size=2)
    ),
    max_leaves=4,
)
_PATHS = st.one_of(st.sampled_from(["$.f", "$", "$['\0']", "$.*", "$..*", '$["\ud800"]']), _TEXTS)
_SECONDS = st.one_of(st.sampled_from([0, 0.1, 5, 316_224_000]), _NUMBERS)
_DELAYS = st.one_of(
    st.fixed_dictionaries({"kind": st.just("fixed"), "seconds": _SECONDS}),
    st.fixed_dictionaries(
        {
            "kind": st.just("queue"),
            "workers": st.sampled_from([1, 2**64]),
            "serviceSeconds": _SECONDS,
        }
    ),
)
_TASKS = st.fixed_dictionaries(
    {"name": _TEXTS, "type": st.just("record")},
    optional={
        "settings": st.dictionaries(_TEXTS, _VALUES, max_size=2),
        "failFirst": st.one_of(st.sampled_from([1, 9]), _NUMBERS),
    },
)
WORKFLOWS = st.fixed_dictionaries(
    {"name": _TEXTS},
    optional={
        "delay": _DELAYS,
        "retryTasks": st.booleans(),
        "fields": st.lists(
            st.fixed_dictionaries({"name": st.sampled_from(["f", "a\0b"]), "path": _PATHS}),
            max_size=2,
        ),
        "conditions": st.fixed_dictionaries(
            {
                "any": st.lists(
                    st.fixed_dictionaries({"path": _PATHS, "equals": _VALUES}), max_size=1
                )
            }
        ),
        "tasks": st.lists(_TASKS, max_size=2),
    },
)
TENANTS = st.fixed_dictionaries(
    {"clock": st.just("virtual")},
    optional={
        "startAt": st.sampled_from(["0001-01-01T00:00:00Z", "9999-12-31T23:59:59.999999Z", "\0"]),
        "seed": _NUMBERS,
        "limits": st.fixed_dictionaries({}, optional={"callsPerMinute": _NUMBERS}),
    },
)
FAULTS = st.fixed_dictionaries(
    {
        "kind": st.sampled_from(["run-twice", "run-failed", "lower-limit"]),
        "when": st.one_of(
            st.fixed_dictionaries({"first": _NUMBERS}), st.fixed_dictionaries({"path": _PATHS})
        ),
    },
    optional={"callsPerMinute": _NUMBERS},
)
EVENTS = st.one_of(
    st.dictionaries(st.sampled_from(["f", "a\0b"]), _VALUES, max_size=2).map(
        lambda event: json.dumps(event).encode()
    ),
    st.sampled_from([b"", b"{", b"\xff", b'{"f": "\\u0000"}', b'{"f": %s}' % (b"9" * 5_000)]),
)


@dataclass
class Anything:
    """An engine with an app, whose default tenant is the other tenant: it must notice nothing."""

    engine: Engine
    client: FlaskClient
    tenants: list[str]

    def ask(self, path: str, document: object = None) -> Any:  # noqa: ANN401  any JSON value
        """Ask the control API; whatever was asked, the answer is not an error of the server."""
        method = "GET" if document is None else "POST"
        answer = self.client.open(
            CONTROL_PATH + path,
            method=method,
            data=None if document is None else json.dumps(document),
            content_type="application/json",
        )
        assert answer.status_code < FAILURE, answer.text
        return strict_json.read(answer.data).value if answer.status_code in SUCCESS else None

    def send(self, tenant: Tenant, trigger_url: str, event: bytes) -> int:
        headers = {"x-api-token": tenant.api_token.reveal(), "content-type": "application/json"}
        return self.client.post(trigger_url, data=event, headers=headers).status_code

    def rehearse(
        self,
        tenant: object,
        workflow: object,
        fault: object,
        events: list[bytes],
    ) -> None:
        """Set everything up, as far as it is accepted, and send the events."""
        made = self.ask("/tenants", tenant) or self.ask("/tenants", {"clock": "virtual"})
        own = f"/tenants/{made['id']}"
        used = self.ask(f"{own}/workflows", workflow) or self.ask(f"{own}/workflows", {"name": "w"})
        self.ask(f"{own}/faults", fault)
        for event in events:
            assert (
                self.send(self.engine.tenants.get(made["id"]), used["triggerUrl"], event) < FAILURE
            )
        for seconds in (1, 90_000, 316_224_000):
            self.ask(f"{own}/clock/advance", {"seconds": seconds})
        self.ask(f"{own}/wait?succeeded=1&timeoutSeconds=0")
        self.tenants.append(made["id"])
        assert self.ask(f"{own}/totals")["complete"]
        self.others_notice_nothing()

    def others_notice_nothing(self) -> None:
        assert self.ask("/health")["status"] == "ok"
        other = self.engine.tenants.default
        before = self.ask(f"/tenants/{other.id}/totals")["received"]
        assert self.send(other, other.workflows[0].urls("")["triggerUrl"], b"{}") in SUCCESS
        assert self.ask(f"/tenants/{other.id}/totals")["received"] == before + 1

    def everything(self) -> list[object]:
        """Return all that is stored."""
        shown: list[object] = []
        for tenant in self.ask("/tenants")["tenants"]:
            own = f"/tenants/{tenant['id']}"
            shown += [tenant, self.ask(f"{own}/totals"), self.ask(f"{own}/faults")]
            shown.append(self.ask(f"{own}/requests?limit=500"))
            for workflow in tenant["workflows"]:
                shown.append(self.ask(f"/workflows/{workflow['id']}"))
                shown.append(self.ask(f"/workflows/{workflow['id']}/runs?limit=500"))
        return shown


def opened(store: str) -> Anything:
    """Open an engine with its app; close the engine afterwards."""
    engine = Engine(Settings(store=store))
    return Anything(engine, create_app(engine=engine).test_client(), [])

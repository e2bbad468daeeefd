"""``contracts/openapi.yaml`` and the routes say the same, and the live server keeps to it."""

import functools
import json
import re
from collections.abc import Iterator
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import pytest
import requests
import yaml
from hypothesis import HealthCheck, given, settings
from jsonschema import Draft202012Validator

from contracts.openapi import one_file
from mock_qualtrics import create_app, serve_in_thread
from mock_qualtrics.clock import LONGEST_SECONDS
from mock_qualtrics.settings import Settings

if TYPE_CHECKING:
    from schemathesis import BaseSchema, Case

METHODS = {"get", "post", "put", "patch", "delete"}


@functools.cache
def described() -> dict[str, Any]:
    return yaml.safe_load((files("contracts") / "openapi.yaml").read_text("utf-8"))


def operations() -> set[tuple[str, str]]:
    paths = described()["paths"]
    return {(path, method) for path, item in paths.items() for method in METHODS & set(item)}


def test_the_routes_are_the_operations():
    app = create_app(Settings())
    rules = [rule for rule in app.url_map.iter_rules() if not rule.endpoint.startswith("pages.")]
    routes = {
        (re.sub(r"<(\w+)>", r"{\1}", rule.rule.replace("/JSON/", "/json/")), method.lower())
        for rule in rules
        for method in rule.methods - {"HEAD", "OPTIONS"}
    }
    app.extensions["mock_qualtrics"].close()
    assert routes == operations()


@pytest.mark.parametrize(("path", "method"), sorted(operations()))
def test_every_operation_has_an_id_a_summary_and_examples_that_validate(path, method):
    document = one_file()
    operation = document["paths"][path][method]
    assert operation["operationId"]
    assert operation["summary"]
    bodies = [operation["requestBody"]] if "requestBody" in operation else []
    bodies += [_resolved(document, answer) for answer in operation["responses"].values()]
    media = [body["content"]["application/json"] for body in bodies if "content" in body]
    examples = [one for one in media if "example" in one]
    assert examples
    for one in examples:
        judge = Draft202012Validator({**one["schema"], "components": document["components"]})
        assert [error.message for error in judge.iter_errors(one["example"])] == []


def _resolved(document: dict[str, Any], value: dict[str, Any]) -> dict[str, Any]:
    if "$ref" not in value:
        return value
    found: Any = document
    for part in value["$ref"].removeprefix("#/").split("/"):
        found = found[part]
    return found


@pytest.mark.parametrize(
    ("path", "method"), sorted(one for one in operations() if one[0].startswith("/__control"))
)
def test_every_operation_refuses_a_query_parameter_that_it_does_not_describe(live, path, method):
    address = live.url + path.format(**{**live.real_ids(), "fault_id": "none"})
    answer = requests.request(method, address, params={"unheardOf": "1"}, timeout=20)
    assert answer.status_code == 400
    assert "Unknown query parameter 'unheardOf': expected " in answer.json()["error"]


class Live:
    """A running mock with one tenant, one workflow and one run to ask about."""

    def __init__(self, url: str) -> None:
        self.url = url
        control = f"{url}/__control/v1"
        made = {"clock": "virtual", "limits": {"callsPerMinute": 100_000}}
        self.tenant = requests.post(f"{control}/tenants", json=made, timeout=20).json()
        workflows = f"{control}/tenants/{self.tenant['id']}/workflows"
        self.workflow = requests.post(workflows, json={"name": "Survey"}, timeout=20).json()
        self.changed = requests.post(workflows, json={"name": "Other"}, timeout=20).json()
        self.token = {"X-API-TOKEN": self.tenant["apiToken"]}
        requests.post(self.workflow["triggerUrl"], json={}, headers=self.token, timeout=20)
        listed = f"{control}/tenants/{self.tenant['id']}/requests"
        (call,) = requests.get(listed, timeout=20).json()["requests"]
        self.run_id, self.request_id = call["runId"], call["requestId"]

    def clear_faults(self) -> None:
        faults = f"{self.url}/__control/v1/tenants/{self.tenant['id']}/faults"
        requests.delete(faults, timeout=20).raise_for_status()

    def real_ids(self) -> dict[str, str]:
        ids = {"tenant_id": self.tenant["id"], "workflow_id": self.changed["id"]}
        return {**ids, "run_id": self.run_id, "request_id": self.request_id}


@pytest.fixture(scope="module")
def live():
    with serve_in_thread(Settings(seed=2)) as running:
        yield Live(running.url)


CONTROL = "/__control/v1"
NOT_ASKED = {
    # no credential was observed to be answered 400, not 401 (Q-AUTH-3)
    "/API/v3/whoami": ["ignored_auth"],
    "/inbound-event/v1/events/json/triggers": ["ignored_auth"],
    # that a JSONPath can be read, and that one bound is not over the other, no schema says
    f"{CONTROL}/tenants/{{tenant_id}}/workflows": ["positive_data_acceptance"],
    f"{CONTROL}/tenants/{{tenant_id}}/faults": ["positive_data_acceptance"],
    f"{CONTROL}/workflows/{{workflow_id}}": ["positive_data_acceptance"],
}


@pytest.fixture(scope="module")
def api() -> "BaseSchema":
    import schemathesis  # noqa: PLC0415  takes a second, which few of xdist's workers need

    return schemathesis.openapi.from_dict(one_file())


@pytest.mark.parametrize(("path", "method"), sorted(operations()))
def test_the_live_server_keeps_to_its_description(live, api, path, method):
    from schemathesis.specs.openapi import checks  # noqa: PLC0415

    live.clear_faults()  # those that another operation's test has added
    not_asked = [getattr(checks, name) for name in NOT_ASKED.get(path, [])]

    @given(case=api[path][method.upper()].as_strategy())
    @settings(
        max_examples=25,
        derandomize=True,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    def keeps_to_it(case) -> None:
        _aim_at_what_is_there(case, live)
        case.call_and_validate(base_url=live.url, headers=live.token, excluded_checks=not_asked)

    keeps_to_it()


def _aim_at_what_is_there(case: "Case", live: Live) -> None:
    """Ask two times out of three for ids that exist, so that more than 404 is seen.

    A cursor that was made up is refused, which other tests show.
    """
    case.query = {name: one for name, one in (case.query or {}).items() if name != "cursor"}
    if case.method != "DELETE" and len(json.dumps(case.path_parameters)) % 3:
        known = live.real_ids()
        real = {name: known[name] for name in case.path_parameters if name in known}
        case.path_parameters = {**case.path_parameters, **real}
    if case.operation.path.startswith("/inbound-event"):
        token = live.workflow["triggerUrl"].rpartition("=")[2]
        case.query = {**case.query, "urlTokenId": token}


def _maxima(value: object, name: str = "") -> Iterator[object]:
    if isinstance(value, dict):
        if name.lower().endswith("seconds"):
            yield value.get("maximum", value.get("items", {}).get("maximum"))
        for key, inner in value.items():
            yield from _maxima(inner, key)
    elif isinstance(value, list):
        for inner in value:
            yield from _maxima(inner)


def test_the_schemas_know_the_same_longest_time_as_the_clocks():
    contracts = files("contracts")
    definitions = json.loads((contracts / "schemas" / "definitions.schema.json").read_text("utf-8"))
    assert {one for one in _maxima(definitions) if one is not None} == {LONGEST_SECONDS}
    path = described()["paths"]["/__control/v1/tenants/{tenant_id}/clock/advance"]
    body = path["post"]["requestBody"]["content"]["application/json"]["schema"]
    assert body["oneOf"][0]["properties"]["seconds"]["maximum"] == LONGEST_SECONDS


def test_an_instant_may_have_an_offset_as_generated_clients_write_it(live):
    made = {"clock": "virtual", "startAt": "2026-01-01T01:00:00+01:00"}
    tenant = requests.post(f"{live.url}/__control/v1/tenants", json=made, timeout=20).json()
    advance = f"{live.url}/__control/v1/tenants/{tenant['id']}/clock/advance"
    answer = requests.post(advance, json={"seconds": 0}, timeout=20)
    assert answer.json() == {"now": "2026-01-01T00:00:00.000000Z"}

"""Which tenant and workflow a call belongs to."""

import base64
from types import SimpleNamespace

import pytest

from contracts.secret import Secret
from mock_qualtrics.gate import credentials
from mock_qualtrics.gate.attribution import (
    TRIGGER_PATH,
    Attribution,
    TriggerKey,
    TriggerTarget,
    attribute,
    trigger_key,
)
from mock_qualtrics.gate.credentials import Verdict
from mock_qualtrics.model import Call
from mock_qualtrics.settings import Answers

USERNAME = "dave@example.com#brand"
TOKEN = "PLACEHOLDERTOKENPLACEHOLDERTOKENPLACEHOL"
OTHER_TOKEN = "ANOTHERPLACEHOLDERTOKENANOTHERPLACEHOLDE"
GOOD_TOKEN = ("x-api-token", TOKEN)
TENANT = SimpleNamespace(username=USERNAME, api_token=Secret(TOKEN), answers=Answers())
WORKFLOW = SimpleNamespace(require_authentication=True)


class Registry:
    """One tenant with one workflow."""

    revision = 0

    def resolve(self, query):
        known = trigger_key(query) == TriggerKey("known")
        return TriggerTarget(*((TENANT, WORKFLOW) if known else (None, None)), self.revision)

    def by_token(self, token):
        return TENANT if token == TOKEN else None


def basic(username=USERNAME):
    encoded = base64.b64encode(f"{username}:{TOKEN}".encode()).decode()
    return ("authorization", f"Basic {encoded}")


def a_call(*headers: tuple[str, str], path=TRIGGER_PATH, query="urlTokenId=known"):
    return Call("POST", path, query, headers, b"{}")


@pytest.mark.parametrize(
    ("query", "key"),
    [
        ("urlTokenId=abc", TriggerKey("abc")),
        ("force_isolation=true&urlTokenId=abc", TriggerKey("abc")),
        ("urlTokenId=abc&urlTokenId=def", TriggerKey("abc")),
        ("urlTokenId=a%2Db", TriggerKey("a-b")),
        (
            "contextId=SV_1&userId=UR_1&brandId=brand&triggerId=OC_1",
            TriggerKey(None, "OC_1", "SV_1", "UR_1", "brand"),
        ),
        ("triggerId=OC_1&contextId=SV_1&userId=UR_1", None),
        ("urltokenid=abc", None),
        ("urlTokenId=", None),
        ("", None),
        ("&".join(f"a{n}=1" for n in range(200)), None),
    ],
)
def test_a_trigger_url_names_a_workflow_in_either_form(query, key):
    assert trigger_key(query) == key


@pytest.mark.parametrize(
    ("call", "tenant_found", "workflow_found", "verdict"),
    [
        (a_call(GOOD_TOKEN), True, True, Verdict.RIGHT),
        (a_call(("x-api-token", OTHER_TOKEN)), True, True, Verdict.WRONG),
        (a_call(GOOD_TOKEN, query="urlTokenId=x"), True, False, Verdict.RIGHT),
        (a_call(basic(), path="/nowhere"), True, False, Verdict.RIGHT),
        (a_call(basic(username="eve"), query=""), False, False, Verdict.WRONG),
        (a_call(query=""), False, False, Verdict.NONE),
        (a_call(("authorization", "Bearer x"), query=""), False, False, Verdict.UNSUPPORTED),
        (a_call(("x-api-token", OTHER_TOKEN), query=""), False, False, Verdict.WRONG),
    ],
)
def test_a_call_belongs_to_whom_its_url_names_else_its_right_credential(
    call, tenant_found, workflow_found, verdict
):
    found = attribute(call, Registry())
    assert (found.tenant is not None) == tenant_found
    assert (found.workflow is not None) == workflow_found
    assert found.verdict is verdict


def test_no_credential_is_printed_by_what_it_was_read_into():
    call = a_call(GOOD_TOKEN, basic())
    assert TOKEN not in repr(credentials.shown(call))
    assert isinstance(attribute(call, Registry()), Attribution)


def test_what_a_url_named_is_looked_up_again_once_the_workflows_have_changed():
    registry, other = Registry(), SimpleNamespace(require_authentication=False)
    as_before = TriggerTarget(TENANT, other, Registry.revision)
    assert attribute(a_call(GOOD_TOKEN), registry, as_before).workflow is other
    outdated = TriggerTarget(TENANT, other, Registry.revision - 1)
    assert attribute(a_call(GOOD_TOKEN), registry, outdated).workflow is WORKFLOW


@pytest.mark.parametrize("query", ["urlTokenId=known", ""])
@pytest.mark.parametrize("one_is_enough", [True, False])
def test_a_right_credential_beside_a_wrong_one_counts_only_where_one_is_enough(
    query, one_is_enough, monkeypatch
):
    monkeypatch.setattr(TENANT, "answers", Answers(every_credential_counts=not one_is_enough))
    found = attribute(a_call(("x-api-token", OTHER_TOKEN), basic(), query=query), Registry())
    assert found.verdict is (Verdict.RIGHT if one_is_enough else Verdict.WRONG)
    assert (found.tenant is TENANT) == bool(one_is_enough or query)

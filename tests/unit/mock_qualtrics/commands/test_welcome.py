import json
import shlex

from mock_qualtrics.commands.ready_file import ready_document
from mock_qualtrics.commands.welcome import welcome

URL = "https://127.0.0.1:8084"
TENANT = {
    "id": "tenant-1",
    "brandId": "brand",
    "username": "dave@example.com#brand",
    "apiToken": "PLACEHOLDERTOKENPLACEHOLDERTOKENPLACEHOL",
    "workflows": [],
}


def test_the_welcome_names_the_ca_and_says_when_there_is_no_workflow():
    text = welcome(ready_document(URL, TENANT, "ca.pem"), "sqlite:///mock.db", {})
    assert "REQUESTS_CA_BUNDLE" in text
    assert "no workflow yet" in text
    assert "on disk" in text
    assert "curl" not in text


def test_the_welcome_says_what_is_out_of_the_ordinary():
    document = ready_document(URL, {**TENANT, "clock": "virtual"}, None)
    text = welcome(document, "memory", {}, wire_faults=True)
    assert "virtual: it moves only by POST /__control/v1/tenants/tenant-1/clock/advance" in text
    assert "faults may break connections" in text
    skipping = welcome(ready_document(URL, {**TENANT, "clock": "skipping"}, None), "memory", {})
    assert "skipping: a wait for runs makes it jump to what is due next" in skipping
    usual = welcome(ready_document(URL, {**TENANT, "clock": "real"}, None), "memory", {})
    assert "Clock" not in usual
    assert "Wire faults" not in usual


def test_the_welcome_warns_of_what_qualtrics_may_not_take():
    text = welcome(ready_document(URL, TENANT, None), "memory", {}, warnings=["too much"])
    assert "  Warning      too much" in text.splitlines()


def test_the_welcome_steers_no_terminal_and_its_curl_line_sends_the_same_event():
    workflow = {"id": "w", "name": "n", "triggerUrl": URL, "legacyTriggerUrl": URL}
    document = ready_document(URL, {**TENANT, "workflows": [workflow]}, None)
    event = {"a\u202e\x9b": "b\x1b"}
    text = welcome(document, "memory", event, warnings=["too\x1b[2J much"])
    assert all(line.isprintable() for line in text.splitlines())
    words = shlex.split(text.splitlines()[-1])
    assert json.loads(words[words.index("--data") + 1]) == event

"""Downloads of what is found: safe in spreadsheets, masked unless asked, bounded and saying so."""

import csv
import json
from typing import Any

import pytest

from mock_qualtrics.events.raw_json import RawJson
from mock_qualtrics.journal import State
from mock_qualtrics.journal.search.found_runs import FoundRun
from mock_qualtrics.model import RunStatus
from mock_qualtrics.web.pages.history.run_downloads import (
    COLUMNS,
    TOO_DEEP,
    csv_lines,
    json_lines,
    within,
)

ADDRESS = "dave@example.com"
EVENT = (
    f'{{"identityMap": {{"Email": [{{"id": "{ADDRESS}"}}], "crm": [{{"id": 4711}}]}}, '
    f'"number": 4711, "price": 1.50, "{ADDRESS}": true}}'
)


def run(**changes: Any) -> FoundRun:  # noqa: ANN401  any value
    values = {
        "id": "RUN_1",
        "workflow_id": "WF_1",
        "state": State.FAILED,
        "status": RunStatus.FAILED,
        "received_at": 0,
        "due_at": 1,
        "started_at": 1_000_000,
        "finished_at": None,
        "error": f"nobody is {ADDRESS}, or P-4711-X",
        "failed_task": "Invite",
        "identity": "P-4711-X",
        "trace_id": None,
        "run_now": False,
        "notes": (),
    }
    return FoundRun(**{**values, **changes})


def document(event: str = EVENT) -> dict[str, Any]:
    task = {"name": "Invite", "settings": {"to": ADDRESS, "count": 3, "ids": ["4711", None]}}
    return {"id": "RUN_1", "event": RawJson(event), "tasks": [task], "error": f"not {ADDRESS}"}


def table(*runs: FoundRun, **options: Any) -> list[dict[str, str]]:  # noqa: ANN401  any value
    text = "".join(csv_lines(runs, {"WF_1": "Survey"}, **options))
    return list(csv.DictReader(text.splitlines()))


def test_a_line_has_what_the_list_shows_with_identities_masked():
    (line,) = table(run(), in_the_clear=False)
    assert list(line.values()) == [
        "RUN_1",
        "Survey",
        "1970-01-01T00:00:00.000000Z",
        "1970-01-01T00:00:01.000000Z",
        "",
        "Failed",
        "no",
        "nobody is d***@e***.com, or P-***",
        "Invite",
        "P-***",
        "",
    ]
    assert tuple(line) == COLUMNS


def test_identities_are_in_the_clear_when_asked_for():
    (line,) = table(run(workflow_id="WF_2", state=State.NOT_STARTED), in_the_clear=True)
    assert (line["identity"], line["workflow"]) == ("P-4711-X", "WF_2")
    assert line["error"] == f"nobody is {ADDRESS}, or P-4711-X"
    assert line["failed to start"] == "yes"


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t"])
def test_no_cell_begins_as_a_formula_does(start):
    (line,) = table(
        run(error=f"{start}1+1", identity=f"{start}x", trace_id=start), in_the_clear=True
    )
    assert (line["error"], line["identity"]) == (f"'{start}1+1", f"'{start}x")
    assert line["trace id"] == f"'{start}"


def test_a_document_is_masked_wherever_an_identity_stands_and_stays_json():
    (line,) = json_lines([document()], in_the_clear=False)
    found = json.loads(line)
    assert found["event"] == {
        "identityMap": {"Email": [{"id": "d***@e***.com"}], "crm": [{"id": "47***"}]},
        "number": "47***",
        "price": 1.5,
        "d***@e***.com": True,
    }
    assert found["tasks"][0]["settings"] == {
        "to": "d***@e***.com",
        "count": 3,
        "ids": ["47***", None],
    }
    assert (found["id"], found["error"]) == ("RUN_1", "not d***@e***.com")


def test_a_short_identity_is_masked_where_it_is_a_whole_value():
    event = '{"identityMap": {"crm": [{"id": "A7"}]}, "customer": "A7", "size": "A7 paper"}'
    (line,) = json_lines([document(event)], in_the_clear=False)
    found = json.loads(line)["event"]
    assert (found["customer"], found["size"]) == ("A7***", "A7 paper")


def test_in_the_clear_the_event_is_the_text_that_was_sent():
    (line,) = json_lines([document()], in_the_clear=True)
    assert f'"event":{EVENT}' in line
    assert line.endswith("}\n")


def test_a_deep_event_is_masked_as_text():
    deep = f'{{"a": {"[" * 100_000}{"]" * 100_000}, "to": "{ADDRESS}"}}'
    value: object = ADDRESS
    for _ in range(5_000):
        value = [value]
    (line,) = json_lines([document(deep) | {"fields": value}], in_the_clear=False)
    assert ADDRESS not in line
    found = json.loads(line)
    assert found["event"].endswith('"to": "d***@e***.com"}')
    assert found["fields"] == TOO_DEEP


@pytest.mark.parametrize(("runs", "is_cut"), [(2, False), (3, True)])
def test_a_download_that_ends_at_its_limit_says_so(runs, is_cut):
    lines = table(*[run()] * runs, in_the_clear=True, most=2)
    assert len(lines) == 2 + is_cut
    assert ("ends after 2 runs" in lines[-1]["id"]) == is_cut
    documents = list(json_lines([document()] * runs, in_the_clear=True, most=2))
    assert len(documents) == 2 + is_cut
    assert ("ended" in json.loads(documents[-1])) == is_cut


def test_a_download_ends_before_it_has_too_many_bytes():
    assert list(within(["ab", "é", "c"], "end", most_bytes=5)) == ["ab", "é", "c"]
    assert list(within(["ab", "é", "c"], "end", most_bytes=4)) == ["ab", "é", "end"]

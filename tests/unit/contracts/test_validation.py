"""What the judge says about wrong values, in which words, and at which place."""

import copy
from typing import Any

import pytest

import contracts
from contracts.errors import ContractsError, UnknownSchemaError
from contracts.validation import MISSING, Violation, schema, validate

DATAFLOW = schema("dataflow")["examples"][1]
MESSAGE = schema("exported-message")["examples"][0]
RUN = schema("run")["examples"][0]
WHEN = {"first": 1}


def told(instance: Any, name: str):  # noqa: ANN401  any JSON value
    return [str(violation) for violation in validate(instance, name)]


def test_everything_that_is_wrong_is_told_at_once():
    dataflow = {
        "name": "",
        "url": "ftp://example.com",
        "identities": [{"source": "Email", "target": "phone"}, {"source": 3, "target": "email"}],
        "audiences": [{"id": "a", "start_date": "2023-02-30"}],
        "colour": "red",
    }
    assert told(dataflow, "dataflow") == [
        '$.name: found "", expected a text of at least 1 character',
        (
            '$.url: found "ftp://example.com", expected a URL that begins with'
            " https:// or http:// and names a host"
        ),
        '$.identities[0].target: found "phone", expected one of "email", "external_id"',
        "$.identities[1].source: found 3, expected a text",
        '$.audiences[0].start_date: found "2023-02-30", expected a date such as 2023-09-01',
        "$.username: found nothing, expected a value: this key is required",
        (
            '$.colour: found "red", expected no key of this name: known are "name", "description",'
            ' "url", "username", "identity_map_keys", "activation", "attributes", "identities",'
            ' "audiences", "consent"'
        ),
    ]


def test_each_missing_and_each_unknown_key_is_a_violation_of_its_own():
    paths = [violation.path for violation in validate({"x": 1, "y z": 2}, "dataflow")]
    assert sorted(paths) == ["$.identities", "$.name", "$.url", "$.username", "$.x", "$['y z']"]
    missing = [v for v in validate({}, "dataflow") if v.path == "$.name"]
    assert [v.value for v in missing] == [MISSING]


def test_a_misspelled_key_gets_a_hint():
    assert 'did you mean "identities"?' in told({**DATAFLOW, "identites": []}, "dataflow")[0]


@pytest.mark.parametrize(
    ("name", "change", "line"),
    [
        (
            "dataflow",
            {"identities": []},
            "$.identities: found a list of 0, expected at least 1 item",
        ),
        (
            "dataflow",
            {"identity_map_keys": "both"},
            '$.identity_map_keys: found "both", expected one of "source", "target"',
        ),
        (
            "dataflow",
            {"activation": {"attribute_changes": "no"}},
            '$.activation.attribute_changes: found "no", expected true or false',
        ),
        (
            "dataflow",
            {"audiences": [{"id": "a"}, {"id": "a"}]},
            "$.audiences: found a list of 2, expected items that all differ",
        ),
        (
            "dataflow",
            {"attributes": [{"source": "a", "target": "identityMap.Email"}]},
            (
                '$.attributes[0].target: found "identityMap.Email", expected names joined by'
                " dots, such as person.name.firstName, outside identityMap and segmentMembership"
            ),
        ),
        (
            "dataflow",
            {"username": "a:b"},
            '$.username: found "a:b", expected a username without colons and control characters',
        ),
        (
            "exported-message",
            {"identityMap": {}},
            "$.identityMap: found an object with 0 keys, expected at least 1 key",
        ),
        (
            "exported-message",
            {"identityMap": {"": [{"id": "1"}]}},
            "$.identityMap['']: found \"\", expected as key a text of at least 1 character",
        ),
        (
            "exported-message",
            {"likes": ["tea"]},
            "$.likes: found a list of 1, expected a text or a number or true or false or an object",
        ),
        (
            "exported-message",
            {"a": {"b": None}},
            "$.a.b: found null, expected a text or a number or true or false or an object",
        ),
        (
            "run",
            {"receivedOn": "2026-01-01T00:00:00Z\n"},
            (
                r'$.receivedOn: found "2026-01-01T00:00:00Z\n", expected an instant in UTC such as'
                " 2026-01-01T00:00:00Z"
            ),
        ),
        (
            "run",
            {"receivedOn": "2026-13-01T00:00:00Z"},
            (
                '$.receivedOn: found "2026-13-01T00:00:00Z", expected an instant in UTC such as'
                " 2026-01-01T00:00:00Z"
            ),
        ),
        (
            "run",
            {"workflowId": "WF_000000000000001\n"},
            r'$.workflowId: found "WF_000000000000001\n", expected WF_ and 15 letters or digits',
        ),
        ("run", {"startedOn": 5}, "$.startedOn: found 5, expected a text or null"),
    ],
)
def test_a_violation_names_path_value_and_what_was_expected(
    name: str, change: dict[str, Any], line: str
):
    base = {"dataflow": DATAFLOW, "exported-message": MESSAGE, "run": RUN}[name]
    assert told({**copy.deepcopy(base), **change}, name) == [line]


@pytest.mark.parametrize("time", ["2023-09-05T10:43:55Z", "2023-09-05T10:43:55.602687+00:00", 1])
def test_a_qualification_time_is_utc_with_microseconds(time: object):
    message = copy.deepcopy(MESSAGE)
    (audience_id, *_) = message["segmentMembership"]["ups"]
    message["segmentMembership"]["ups"][audience_id]["lastQualificationTime"] = time
    assert len(validate(message, "exported-message")) == 1


@pytest.mark.parametrize(
    ("fault", "lines"),
    [
        ({"kind": "status", "when": WHEN}, ["$.status: found nothing"]),
        ({"kind": "latency", "when": WHEN, "seconds": -1}, ["$.seconds: found -1"]),
        (
            {"kind": "hang", "when": WHEN, "seconds": 1},
            ["$.seconds: found 1, expected no key of this name"],
        ),
        (
            {"kind": "hang", "when": {"first": 1, "every": 2}},
            ["$.when: found an object with 2 keys"],
        ),
        ({"kind": "hang", "when": {"between": ["now", -3]}}, ["between[0]", "between[1]"]),
        ({"kind": "hang", "when": {"path": "$..["}}, ["expected a JSONPath"]),
        ({"kind": "magic", "when": {}}, ['$.kind: found "magic", expected one of', "$.when"]),
        ({"when": WHEN}, ["$.kind: found nothing"]),
        (3, ["$: found 3, expected an object"]),
    ],
)
def test_of_several_alternatives_the_one_that_was_meant_is_explained(
    fault: object, lines: list[str]
):
    found = told(fault, "fault")
    assert len(found) == len(lines), found
    assert all(line in text for line, text in zip(lines, found, strict=True)), found


def test_every_kind_of_fault_is_offered():
    expected = validate({"kind": "magic", "when": WHEN}, "fault")[0].expected
    assert expected.count('"') == 2 * 15


@pytest.mark.parametrize("seconds", [float("nan"), float("inf"), -0.1, True, "1"])
def test_a_delay_is_a_number_of_seconds_and_toml_has_stranger_ones(seconds: object):
    workflow = {"name": "w", "delay": {"kind": "fixed", "seconds": seconds}}
    paths = [v.path for v in validate({"workflows": [workflow]}, "workflows-file")]
    assert paths == ["$.workflows[0].delay.seconds"]


@pytest.mark.parametrize("bound", ["medianSeconds", "p95Seconds"])
def test_a_lognormal_delay_is_more_than_nothing(bound: str):
    delay = {"kind": "lognormal", "medianSeconds": 1, "p95Seconds": 2, bound: 0}
    assert told({"delay": delay}, "workflow-patch") == [
        f"$.delay.{bound}: found 0, expected more than 0"
    ]


def test_a_probability_is_a_share():
    task = {"name": "t", "type": "email", "failProbability": 1.1}
    assert told({"tasks": [task]}, "workflow-patch") == [
        "$.tasks[0].failProbability: found 1.1, expected at most 1"
    ]


def test_a_condition_makes_one_comparison():
    conditions = {"all": [{"path": "$.a"}, {"path": "$.a", "equals": 1, "exists": True}]}
    paths = [v.path for v in validate({"conditions": conditions}, "workflow-patch")]
    assert paths == ["$.conditions.all[0]", "$.conditions.all[1]"]


@pytest.mark.parametrize("key", ["apiToken", "password", "token"])
def test_a_secret_in_the_wrong_place_is_not_shown(key: str):
    token = "PLACEHOLDERTOKENPLACEHOLDERTOKENPLACEHO"
    (violation,) = validate({**DATAFLOW, key: token}, "dataflow")
    assert violation.value == "***"
    assert token not in f"{violation} {violation!r}"


def test_a_malformed_token_and_an_identity_are_not_shown():
    tenant = {**schema("tenant")["examples"][0], "apiToken": "almost-a-token"}
    (violation,) = validate(tenant, "tenant")
    assert str(violation) == '$.apiToken: found "***", expected 40 letters or digits (Q-ID-1)'
    (violation,) = validate({"identityMap": {"Email": [{"id": 77}]}}, "exported-message")
    assert violation.value == "***"


def test_nesting_beyond_the_interpreter_is_a_violation_and_no_crash():
    message: dict[str, Any] = {"identityMap": {"Email": [{"id": "1"}]}, "a": "deep"}
    for _ in range(20_000):
        message = {**message, "a": {"a": message["a"]}}
    (violation,) = validate(message, "exported-message")
    assert violation.expected == "a value that is not nested so deeply"


def test_a_path_that_exhausts_the_reader_is_a_violation_and_no_crash():
    path = f"$[?{'(' * 5000}1==1{')' * 5000}]"
    (violation,) = validate({"fields": [{"name": "f", "path": path}]}, "workflow-patch")
    assert violation.path == "$.fields[0].path"


def test_big_integers_are_numbers_like_any_other():
    assert validate({**MESSAGE, "points": 10**5000}, "exported-message") == []
    (violation,) = validate({"limits": {"callsPerMinute": -(10**5000)}}, "tenant-settings")
    assert violation.found == "a whole number of 16610 bits"


def test_an_unknown_schema_names_the_known_ones():
    with pytest.raises(UnknownSchemaError) as caught:
        validate({}, "massage")
    assert isinstance(caught.value, ContractsError)
    assert caught.value.name == "massage"
    assert "exported-message" in caught.value.known
    assert str(caught.value).startswith('no schema is called "massage"; expected one of answer-')


def test_the_package_offers_its_public_names_and_no_others():
    assert contracts.validate is validate
    assert contracts.Violation is Violation
    with pytest.raises(AttributeError, match="nothing"):
        _ = contracts.nothing


@pytest.mark.parametrize(
    ("items", "is_told"),
    [
        ([{"a": 1, "b": [2]}, {"b": [2.0], "a": 1.0}], True),
        ([{"a": 1}, {"a": True}], False),
        ([[1, 2], [2, 1]], False),
        ([{"a": None}, {"b": None}, {"a": None}], True),
        (["a", "b", "a"], True),
        ([{}, []], False),
    ],
)
def test_an_item_that_stands_twice_is_told_whatever_it_holds(items, is_told):
    said = [one for one in told({"audiences": items}, "dataflow") if "that all differ" in one]
    assert bool(said) is is_told

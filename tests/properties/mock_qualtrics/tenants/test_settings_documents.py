"""What holds for any settings and any event."""

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from contracts import validate
from mock_qualtrics.events.field_piping import pipe
from mock_qualtrics.events.json_path import Path
from mock_qualtrics.events.raw_json import RawJson, dumps
from mock_qualtrics.tenants.delays import delay_from
from mock_qualtrics.tenants.settings_documents import workflow_settings

NAMES = st.from_regex(r"[a-z][a-zA-Z0-9]{0,8}", fullmatch=True)
SCALARS = st.none() | st.booleans() | st.integers() | st.text(max_size=9)
JSON = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3),
    max_leaves=9,
)
SECONDS = st.integers(0, 10_000)
DELAYS = st.one_of(
    st.fixed_dictionaries({"kind": st.just("fixed"), "seconds": SECONDS}),
    st.tuples(SECONDS, SECONDS).map(
        lambda pair: {"kind": "uniform", "lowSeconds": min(pair), "highSeconds": max(pair)}
    ),
    st.tuples(st.integers(1, 9), st.integers(0, 99)).map(
        lambda pair: {
            "kind": "lognormal",
            "medianSeconds": pair[0],
            "p95Seconds": pair[0] + pair[1],
        }
    ),
    st.fixed_dictionaries({"kind": st.just("measured"), "seconds": st.lists(SECONDS, min_size=1)}),
)
OPERATORS = st.sampled_from(["equals", "notEquals", "contains"])
PREDICATES = st.tuples(NAMES, OPERATORS, JSON).map(
    lambda parts: {"path": f"$.{parts[0]}", parts[1]: parts[2]}
)
WORKFLOWS = st.fixed_dictionaries(
    {"name": NAMES},
    optional={
        "enabled": st.booleans(),
        "requireAuthentication": st.booleans(),
        "onTaskFailure": st.sampled_from(["continue", "stop"]),
        "retryTasks": st.booleans(),
        "delay": DELAYS,
        "fields": st.lists(NAMES, unique=True, max_size=3).map(
            lambda names: [{"name": name, "path": f"$.{name}"} for name in names]
        ),
        "conditions": st.dictionaries(
            st.sampled_from(["all", "any"]), st.lists(PREDICATES, max_size=3), max_size=2
        ),
        "tasks": st.lists(
            st.fixed_dictionaries(
                {"name": NAMES, "type": st.sampled_from(["email", "record", "contact_update"])},
                optional={
                    "settings": st.dictionaries(NAMES, JSON, max_size=3),
                    "failFirst": st.integers(0, 5),
                },
            ),
            max_size=3,
        ),
    },
)


@given(WORKFLOWS)
def test_settings_read_back_as_they_were_given(wanted: dict[str, Any]):
    settings = workflow_settings(wanted)
    shown = settings.to_mapping()
    assert validate(shown, "workflow-settings") == []
    assert workflow_settings(shown) == settings
    assert {name: shown[name] for name in wanted if name != "tasks"} == {
        name: value for name, value in wanted.items() if name != "tasks"
    }


@given(DELAYS, st.floats(0, 1, exclude_max=True))
def test_a_delay_is_never_negative(delay: dict[str, Any], chance: float):
    assert delay_from(delay).seconds(chance) >= 0


@given(JSON, NAMES, NAMES)
def test_walking_finds_what_the_library_finds(event: object, one: str, other: str):
    quick = Path(f"$.{one}.{other}").values({one: event})
    patient = Path(f"$['{one}']['{other}']").values({one: event})
    assert quick == patient


@given(st.dictionaries(NAMES, JSON, max_size=4), st.dictionaries(NAMES, JSON, max_size=4))
def test_piping_leaves_settings_without_fields_as_they_are(
    settings: dict[str, object], values: dict[str, object]
):
    assert pipe(settings, values, {}) == (settings, [])


@given(st.lists(JSON.map(json.dumps), max_size=4), st.dictionaries(NAMES, JSON, max_size=3))
def test_raw_json_comes_out_as_it_went_in(raws: list[str], beside: dict[str, Any]):
    value = {"raws": [RawJson(raw) for raw in raws], "beside": beside}
    dumped = dumps(value)
    assert json.loads(dumped) == {"raws": [json.loads(raw) for raw in raws], "beside": beside}
    assert all(raw in dumped for raw in raws)

"""Settings of workflows and tenants are read back as they were given."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from contracts import validate
from mock_qualtrics.settings import Settings
from mock_qualtrics.tenants.settings_documents import tenant_settings, workflow_settings
from support.delays import DELAYS

NAMES = st.from_regex(r"[a-z][a-zA-Z0-9]{0,8}", fullmatch=True)
SCALARS = st.none() | st.booleans() | st.integers() | st.text(max_size=9)
JSON = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3),
    max_leaves=9,
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


TENANTS = st.fixed_dictionaries(
    {},
    optional={
        "clock": st.sampled_from(["real", "virtual"]),
        "seed": st.integers(0, 2**53),
        "startAt": st.datetimes().map(lambda moment: moment.isoformat(timespec="seconds") + "Z"),
        "limits": st.fixed_dictionaries(
            {}, optional={"callsPerMinute": st.integers(0, 9_999), "runsPerDay": st.integers(0, 9)}
        ),
        "assumptions": st.fixed_dictionaries(
            {},
            optional={
                "acceptedStatus": st.integers(200, 299),
                "window": st.sampled_from(["sliding", "fixed"]),
                "countRefusedCalls": st.booleans(),
            },
        ),
    },
)


@given(TENANTS)
def test_a_tenants_settings_are_read_back_as_they_are_shown(wanted: dict[str, Any]):
    made = tenant_settings(wanted, Settings())
    assert tenant_settings(made.to_mapping(), Settings(seed=1, window="fixed")) == made
    shown = made.to_mapping()
    assert {name: shown[name] for name in ("clock", "seed") if name in wanted} == {
        name: wanted[name] for name in ("clock", "seed") if name in wanted
    }

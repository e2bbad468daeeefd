"""What holds for any condition, delay, piped setting, id and tenant's settings."""

import json
import re
import uuid
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from mock_qualtrics import ids
from mock_qualtrics.clock import LONGEST_SECONDS
from mock_qualtrics.events.conditions import condition_from
from mock_qualtrics.events.field_piping import pipe
from mock_qualtrics.settings import Settings
from mock_qualtrics.tenants.delays import Workers, delay_from
from mock_qualtrics.tenants.key_case import camel_case_keys
from mock_qualtrics.tenants.settings_documents import tenant_settings

SCALARS = st.none() | st.booleans() | st.integers(-3, 3) | st.sampled_from(["", "a", "1", "true"])
VALUES = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from("ab"), inner, max_size=2)
    ),
    max_leaves=5,
)
EVENTS = st.dictionaries(st.sampled_from("abc"), VALUES, max_size=3)
PATHS = st.sampled_from(["$.a", "$.b", "$.a.b", "$.a[0]", "$.*", "$..a", "$.c[?@ == 1]"])
OPERATORS = st.sampled_from(["equals", "notEquals", "contains", "lessThan", "atLeast"])
PREDICATES = st.tuples(PATHS, OPERATORS, VALUES).map(
    lambda parts: {"path": parts[0], parts[1]: parts[2]}
) | st.tuples(PATHS, st.booleans()).map(lambda parts: {"path": parts[0], "exists": parts[1]})
CONDITIONS = st.recursive(
    PREDICATES,
    lambda inner: st.dictionaries(
        st.sampled_from(["all", "any"]), st.lists(inner, max_size=3), min_size=1, max_size=2
    ),
    max_leaves=8,
)
NUMBERS = st.integers(-5, 5) | st.floats(-5, 5)


def expected(condition: dict[str, Any], event: object) -> bool:
    """Judge a condition the long way: groups here, and each predicate by itself."""
    if "path" in condition:
        return condition_from(condition).holds(event)
    groups = {"all": all, "any": any}
    return all(
        groups[kind]([expected(member, event) for member in members])
        for kind, members in condition.items()
    )


@given(CONDITIONS, EVENTS)
def test_groups_mean_all_and_any_at_any_depth(condition: dict[str, Any], event: object):
    made = condition_from(condition)
    assert made.holds(event) is expected(condition, event)
    assert made.to_mapping() == condition


@given(PATHS, VALUES, EVENTS)
def test_what_is_not_equal_and_what_is_not_there_are_the_opposites(path, operand, event):
    def holds(operator: str, operand: object) -> bool:
        return condition_from({"path": path, operator: operand}).holds(event)

    assert holds("notEquals", operand) is not holds("equals", operand)
    assert holds("exists", False) is not holds("exists", True)


@given(VALUES, VALUES)
def test_values_are_equal_when_they_are_written_alike(one: object, other: object):
    alike = json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True)
    assert condition_from({"path": "$", "equals": other}).holds(one) is alike


@given(NUMBERS | st.text(max_size=2), NUMBERS | st.text(max_size=2))
def test_an_order_is_total_within_numbers_and_texts_and_absent_between(one, other):
    def holds(operator: str) -> bool:
        return condition_from({"path": "$", operator: other}).holds(one)

    comparable = isinstance(one, str) == isinstance(other, str)
    assert holds("lessThan") is (comparable and not holds("atLeast"))
    assert holds("greaterThan") is (comparable and not holds("atMost"))
    assert holds("atMost") is (holds("lessThan") or (comparable and holds("equals")))


CHANCES = st.floats(0, 1, exclude_max=True)
SECONDS = st.floats(1e-6, LONGEST_SECONDS)
CHANCEFUL = st.tuples(SECONDS, SECONDS).flatmap(
    lambda pair: st.sampled_from(
        [
            {"kind": "uniform", "lowSeconds": min(pair), "highSeconds": max(pair)},
            {"kind": "lognormal", "medianSeconds": min(pair), "p95Seconds": max(pair)},
            {"kind": "measured", "seconds": sorted(pair)},
        ]
    )
)


@given(CHANCEFUL, CHANCES, CHANCES)
def test_a_greater_chance_never_means_a_shorter_delay(delay, one, other):
    low, high = (delay_from(delay).seconds(chance) for chance in sorted((one, other)))
    assert 0 <= low <= high * (1 + 1e-9)
    assert high <= LONGEST_SECONDS * (1 + 1e-9)


@given(st.integers(1, 4), st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), max_size=20))
def test_a_queue_serves_whom_a_row_of_counters_would(count, arrivals):
    workers, counters, now = Workers(count), [0] * count, 0
    for pause, service in arrivals:
        now += pause
        free = counters.index(min(counters))
        counters[free] = max(now, counters[free]) + service
        assert workers.finish_at(now, service) == counters[free]


NAMES = st.from_regex(r"[a-zäöü.:/-][a-zA-Z0-9_.-]{0,5}", fullmatch=True)


@given(st.lists(st.tuples(st.text(max_size=4), NAMES), max_size=4), st.data())
def test_every_named_field_is_piped_or_named_as_missing(pieces, data):
    pieces = [(text.replace("~", ""), name) for text, name in pieces]
    known = {name: data.draw(st.text(max_size=4)) for _, name in pieces if data.draw(st.booleans())}
    template = "".join(f"{text}~{{aedj://{name}}}" for text, name in pieces)
    piped, reasons = pipe({"deep": [{"text": template}]}, known, {})
    wanted = "".join(text + known.get(name, f"~{{aedj://{name}}}") for text, name in pieces)
    assert piped == {"deep": [{"text": wanted}]}
    missing = [name for _, name in pieces if name not in known]
    assert reasons == [f"the workflow has no field {name}" for name in missing]


SEEDS = st.integers(0, 2**63)


@given(SEEDS, st.lists(st.integers(1, 2**20), min_size=2, max_size=5, unique=True))
def test_no_two_tenants_of_one_seed_share_an_id_a_token_or_a_url(seed: int, numbers: list[int]):
    key = ids.seed_key(seed)
    made = [
        identifier
        for number in numbers
        for identifier in (
            ids.api_token(key, number),
            *(ids.qualtrics_id(key, kind, number, 1) for kind in ("WF", "SV", "OC", "UR")),
            ids.uuid_text(ids.digest(key, number, "urlTokenId", 1)),
        )
    ]
    assert len(set(made)) == len(numbers) * 6


@given(st.binary(min_size=16, max_size=16))
def test_any_16_bytes_are_a_version_4_uuid(sixteen: bytes):
    text = ids.uuid_text(sixteen)
    made = uuid.UUID(text)
    assert (str(made), made.version, made.variant) == (text, 4, uuid.RFC_4122)


@given(SEEDS, st.integers(0, 2**63 - 1))
def test_a_run_id_leads_back_to_its_row(seed: int, sequence: int):
    identifier = ids.run_id(ids.seed_key(seed), sequence)
    assert re.fullmatch(r"RUN_[0-9a-f]{20}", identifier)
    assert ids.run_sequence(identifier) == sequence


@given(st.text(max_size=30) | st.text("RUN_0123456789abcdefx", min_size=24, max_size=24))
def test_a_text_is_a_run_id_only_if_it_is_written_as_one(text: str):
    sequence = ids.run_sequence(text)
    if sequence is not None:
        assert re.fullmatch(r"RUN_.{4}[0-9a-f]{16}", text)
        assert int(text[8:], 16) == sequence


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


KEYS = st.from_regex(r"[a-z]{1,4}(_[a-z]{1,4}){0,2}", fullmatch=True)


@given(st.dictionaries(KEYS, st.integers() | st.dictionaries(KEYS, st.integers()), max_size=3))
def test_keys_that_are_camel_case_already_stay_so(mapping: dict[str, Any]):
    once = camel_case_keys(mapping)
    assert camel_case_keys(once) == once
    assert not any("_" in key for key in once)

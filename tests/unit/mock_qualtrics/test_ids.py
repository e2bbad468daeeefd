"""Ids, tokens, and chance as a fraction of a digest."""

import uuid

import pytest

from mock_qualtrics import ids
from mock_qualtrics.tenants.delays import delay_from


def test_ids_have_the_observed_shapes_Q_ID_1():  # noqa: N802  a fact's id
    key = ids.seed_key(7)
    assert len(ids.qualtrics_id(key, "WF", 1)) == len("WF_") + 15
    token = ids.api_token(key, 1)
    assert len(token) == 40
    assert token.isalnum()


def test_ids_differ_by_seed_tenant_kind_and_counter():
    one, other = ids.seed_key(1), ids.seed_key(2)
    made = {
        ids.digest(one, 1, "a", 1),
        ids.digest(other, 1, "a", 1),
        ids.digest(one, 2, "a", 1),
        ids.digest(one, 1, "b", 1),
        ids.digest(one, 1, "a", 2),
    }
    assert len(made) == 5


def test_a_run_id_tells_its_row_and_nothing_else_does():
    key = ids.seed_key(0)
    assert ids.run_sequence(ids.run_id(key, 1 << 40 | 8)) == 1 << 40 | 8
    for text in ("", "RUN_1", "WF_" + "0" * 21, "RUN_" + "z" * 20, "RUN_0000ffffffffffffffff"):
        assert ids.run_sequence(text) is None


def test_chance_is_a_fraction_that_is_always_the_same():
    key = ids.seed_key(3)
    drawn = [ids.fraction(key, "delay", counter) for counter in range(1000)]
    assert drawn == [ids.fraction(key, "delay", counter) for counter in range(1000)]
    assert all(0 <= one < 1 for one in drawn)
    assert 0.45 < sum(drawn) / len(drawn) < 0.55


@pytest.mark.parametrize("byte", [b"\x00", b"\xff"])
def test_chance_never_reaches_one_whatever_the_digest_is(monkeypatch, byte):
    monkeypatch.setattr(ids, "digest", lambda *_: byte * 16)
    chance = ids.fraction(b"", "delay", 0)
    assert 0 <= chance < 1
    measured = delay_from({"kind": "measured", "seconds": [1, 2, 3]})
    assert measured.seconds(chance) in (1, 3)
    lognormal = delay_from({"kind": "lognormal", "medianSeconds": 2, "p95Seconds": 6})
    assert 0 < lognormal.seconds(chance) < 1_000


@pytest.mark.parametrize(
    "text",
    [
        "RUN_" + "0" * 19,
        "RUN_" + "0" * 21,
        "SV__" + "0" * 20,
        "RUN_0000" + "A" * 16,
        "RUN_0000" + "+" + "0" * 15,
        "RUN_0000" + "0000_0000_0000_0",
        "RUN_0000" + " " * 15 + "1",
        "RUN_0000" + "\u0660" * 16,
        "RUN_0000" + "8" + "0" * 15,
    ],
)
def test_what_only_looks_like_a_run_id_is_none(text):
    assert ids.run_sequence(text) is None


@pytest.mark.parametrize("call", [1, 2, 1_000_000, (1 << 37) - 1])
@pytest.mark.parametrize("tenant", [0, 1, 2, (1 << 23) - 1])
def test_an_id_of_a_call_is_a_uuid_that_tells_its_row(tenant, call):
    sequence = tenant << 40 | call << 3
    made = ids.request_id(ids.seed_key(3), sequence)
    assert uuid.UUID(made).version == 4
    assert str(uuid.UUID(made)) == made
    assert ids.request_sequence(made) == sequence
    assert made != ids.request_id(ids.seed_key(4), sequence)


def test_ids_of_calls_look_unlike_each_other():
    made = [ids.request_id(ids.seed_key(3), 1 << 40 | call << 3) for call in range(1, 100)]
    assert len({one[19:27] for one in made}) == 99


@pytest.mark.parametrize(
    "text",
    [
        "",
        "RUN_1",
        "0" * 36,
        "00000000-0000-4000-8000-00000000000G",
        "00000000-0000-1000-8000-" + "0" * 12,
    ],
)
def test_what_is_no_id_of_a_call_names_no_row(text):
    assert ids.request_sequence(text) is None

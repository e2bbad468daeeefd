"""Ids of any seed, tenant and counter."""

import re
import uuid

from hypothesis import given
from hypothesis import strategies as st

from mock_qualtrics import ids

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

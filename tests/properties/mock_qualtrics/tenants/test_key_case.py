"""Keys in either spelling."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from mock_qualtrics.tenants.key_case import camel_case_keys

KEYS = st.from_regex(r"[a-z]{1,4}(_[a-z]{1,4}){0,2}", fullmatch=True)


@given(st.dictionaries(KEYS, st.integers() | st.dictionaries(KEYS, st.integers()), max_size=3))
def test_keys_that_are_camel_case_already_stay_so(mapping: dict[str, Any]):
    once = camel_case_keys(mapping)
    assert camel_case_keys(once) == once
    assert not any("_" in key for key in once)

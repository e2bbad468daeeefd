"""Raw JSON in any document."""

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from mock_qualtrics.events.raw_json import RawJson, dumps

NAMES = st.from_regex(r"[a-z][a-zA-Z0-9]{0,8}", fullmatch=True)
SCALARS = st.none() | st.booleans() | st.integers() | st.text(max_size=9)
JSON = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3),
    max_leaves=9,
)


@given(st.lists(JSON.map(json.dumps), max_size=4), st.dictionaries(NAMES, JSON, max_size=3))
def test_raw_json_comes_out_as_it_went_in(raws: list[str], beside: dict[str, Any]):
    value = {"raws": [RawJson(raw) for raw in raws], "beside": beside}
    dumped = dumps(value)
    assert json.loads(dumped) == {"raws": [json.loads(raw) for raw in raws], "beside": beside}
    assert all(raw in dumped for raw in raws)

"""Plain paths against the library's own."""

from hypothesis import given
from hypothesis import strategies as st

from mock_qualtrics.events.json_path import Path

NAMES = st.from_regex(r"[a-z][a-zA-Z0-9]{0,8}", fullmatch=True)
SCALARS = st.none() | st.booleans() | st.integers() | st.text(max_size=9)
JSON = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3),
    max_leaves=9,
)


@given(JSON, NAMES, NAMES)
def test_walking_finds_what_the_library_finds(event: object, one: str, other: str):
    quick = Path(f"$.{one}.{other}").values({one: event})
    patient = Path(f"$['{one}']['{other}']").values({one: event})
    assert quick == patient

"""Piping any fields into any settings."""

from hypothesis import given
from hypothesis import strategies as st

from mock_qualtrics.events.field_piping import pipe

NAMES = st.from_regex(r"[a-z][a-zA-Z0-9]{0,8}", fullmatch=True)
SCALARS = st.none() | st.booleans() | st.integers() | st.text(max_size=9)
JSON = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3),
    max_leaves=9,
)


@given(st.dictionaries(NAMES, JSON, max_size=4), st.dictionaries(NAMES, JSON, max_size=4))
def test_piping_leaves_settings_without_fields_as_they_are(
    settings: dict[str, object], values: dict[str, object]
):
    assert pipe(settings, values, {}) == (settings, [])


FIELD_NAMES = st.from_regex(r"[a-zäöü.:/-][a-zA-Z0-9_.-]{0,5}", fullmatch=True)


@given(st.lists(st.tuples(st.text(max_size=4), FIELD_NAMES), max_size=4), st.data())
def test_every_named_field_is_piped_or_named_as_missing(pieces, data):
    pieces = [(text.replace("~", ""), name) for text, name in pieces]
    known = {name: data.draw(st.text(max_size=4)) for _, name in pieces if data.draw(st.booleans())}
    template = "".join(f"{text}~{{aedj://{name}}}" for text, name in pieces)
    piped, reasons = pipe({"deep": [{"text": template}]}, known, {})
    wanted = "".join(text + known.get(name, f"~{{aedj://{name}}}") for text, name in pieces)
    assert piped == {"deep": [{"text": wanted}]}
    missing = [name for _, name in pieces if name not in known]
    assert reasons == [f"the workflow has no field {name}" for name in missing]

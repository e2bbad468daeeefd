"""Any JSON value is read as it was meant, and any byte string is read or refused, never worse."""

import json
from contextlib import suppress

from hypothesis import example, given
from hypothesis import strategies as st

from mock_qualtrics.events import strict_json

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
scalars = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), texts)
finite = scalars.filter(lambda value: value not in (float("inf"), float("-inf")))
documents = st.recursive(
    finite, lambda inner: st.lists(inner) | st.dictionaries(texts, inner), max_leaves=20
)


@given(documents)
def test_every_json_value_is_read_as_it_was_written(value):
    for ensure_ascii in (True, False):
        body = json.dumps(value, ensure_ascii=ensure_ascii).encode()
        assert strict_json.read(body) == strict_json.Document(value)
        assert strict_json.read_again(body) == value


@given(st.binary(max_size=200) | st.text('{}[]",:0123456789.eE-+\\ntrufalsNI ').map(str.encode))
@example(b"[" * 100_000)
@example(b'{"a":' * 100_000)
@example(b"-" + b"9" * 100_000)
def test_any_bytes_are_read_or_refused(body):
    with suppress(strict_json.NotJsonError):
        value = strict_json.read(body).value
        json.dumps(value, ensure_ascii=False).encode()
        assert strict_json.read_again(body) == value


@given(st.dictionaries(texts, st.integers(), min_size=1), st.integers())
def test_of_a_repeated_key_the_last_value_wins_and_it_is_noted(members, last):
    key = next(iter(members))
    text = json.dumps(members)[:-1] + f", {json.dumps(key)}: {last}}}"
    assert strict_json.read(text.encode()) == strict_json.Document({**members, key: last}, True)
    assert strict_json.read_again(text.encode()) == {**members, key: last}

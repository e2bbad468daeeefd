import pytest

from mock_qualtrics.events.strict_json import (
    DEEPEST_NESTING,
    HugeNumber,
    NotJsonError,
    read,
    read_again,
)


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "empty"),
        (b"   ", "Expecting value"),
        (b'{"a": NaN}', "NaN"),
        (b"[Infinity]", "Infinity"),
        (b"[-Infinity]", "-Infinity"),
        (b"[1,]", "line 1"),
        (b'{"a":1,}', "line 1"),
        (b"{'a':1}", "line 1"),
        (b"{} {}", "Extra data"),
        (b"[01]", "line 1"),
        (b'"\x01"', "control character"),
        (b"[1", "line 1"),
        (b"\xff{}", "invalid UTF-8 at byte 0"),
        (b"\xef\xbb\xbf{}", "byte order mark"),
        ("{}".encode("utf-16"), "invalid UTF-8"),
        ('{"a": "x"}'.encode("utf-16-le"), "line 1"),
        (b'"\\ud800"', "lone surrogate"),
        (b"[" * 100_000, "nesting"),
        (b'{"a":' * 5_000 + b"1" + b"}" * 5_000, "nesting"),
        (b"<xml/>", "Expecting value"),
    ],
)
def test_what_is_no_json_is_refused_with_the_reason(body, reason):
    with pytest.raises(NotJsonError, match=reason):
        read(body)


def nested(depth):
    return b"[" * depth + b"]" * depth


def test_the_deepest_nesting_is_taken_and_one_deeper_is_not():
    assert read(nested(DEEPEST_NESTING))
    with pytest.raises(NotJsonError, match="nesting"):
        read(nested(DEEPEST_NESTING + 1))


def test_many_brackets_that_are_not_deep_are_taken():
    assert len(read(b"[" + b"[],{}," * 1_000 + b"0]").value) == 2_001


def test_brackets_in_a_text_are_no_nesting():
    assert read(b'"' + b"[" * 1_000 + b'"').value == "[" * 1_000


def test_integers_of_any_size_are_read():
    digits = "9" * 5_000
    document = read(f'{{"small": {10**30}, "huge": {digits}}}'.encode())
    assert document.value["small"] == 10**30
    assert document.value["huge"] == HugeNumber(digits)
    assert not document.duplicate_keys


def test_a_repeated_key_beside_a_huge_integer_is_noted_too():
    assert read(f'{{"a": {"9" * 5_000}, "a": 1}}'.encode()).duplicate_keys


def test_surrogate_pairs_are_one_character():
    assert read(b'"\\ud83d\\ude00"').value == "\U0001f600"


@pytest.mark.parametrize(
    "body", [b' {"a": 1} ', b'{"a":1,"a":[2]}', b"[%s]" % (b"9" * 5_000), b'["\\ud83d\\ude00"]']
)
def test_what_was_accepted_is_read_again_as_it_was_read_first(body):
    assert read_again(body) == read(body).value


@pytest.mark.parametrize("body", [b"", b"{} {}", b"[NaN]", b"\xff", b"[" * 100_000])
def test_what_was_never_accepted_is_not_read_again(body):
    with pytest.raises(NotJsonError):
        read_again(body)

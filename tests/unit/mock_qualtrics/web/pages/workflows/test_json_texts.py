import pytest

from mock_qualtrics.web.pages.workflows.json_texts import (
    NotTakenError,
    operand,
    operand_text,
    value_of,
)


@pytest.mark.parametrize(
    "value", ["realized", "5", "true", '"', "", " a ", "a\nb", 5, 0.1, True, None, ["a"], {"a": 1}]
)
def test_an_operand_is_read_as_it_was_shown(value):
    read = operand(operand_text(value))
    assert read == value
    assert type(read) is type(value)


@pytest.mark.parametrize("text", ["{", '{"a": 1, "a": 2}', "NaN", "1" * 5_000, "1e999", "\ud800"])
def test_what_no_setting_may_have_is_not_taken(text):
    with pytest.raises(NotTakenError):
        value_of(text)

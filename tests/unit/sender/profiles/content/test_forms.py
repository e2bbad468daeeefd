"""What is said of a cell that is not shown."""

import pytest

from sender.profiles.content.forms import form_of


@pytest.mark.parametrize(
    ("value", "form"),
    [
        ("05.09.2023 10:43", "a text such as '00.00.0000 00:00'"),
        ("Dave <d4@x.org>", "a text such as 'aaaa <a0@a.aaa>'"),
        ("Ünal_٣", "a text such as 'aaaa_0'"),
        ("x" * 33, "33 characters"),
        ("", "an empty cell"),
        (True, "a boolean"),
    ],
)
def test_a_form_shows_what_kind_of_value_it_is_and_nothing_of_its_content(value, form):
    assert form_of(value) == form

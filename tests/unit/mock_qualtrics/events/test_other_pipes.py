"""What looks like a pipe, and is another kind or none."""

import pytest

from mock_qualtrics.events.other_pipes import literal_fields, other_kinds, outputs, texts


def test_every_text_has_its_place():
    value = {"a": "1", "b": [{"c d": "2"}, "3", 4, None], "e": ("5",)}
    assert list(texts(value)) == [("a", "1"), ("b[0].c d", "2"), ("b[1]", "3"), ("e[0]", "5")]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("~{aedj://n}", []),
        ("{aedj://n} and ${aedj://m}", ["{aedj://n}", "${aedj://m}"]),
        ("~~{aedj://n}", []),
        ("~${aedj://n}", []),
        ("$~{aedj://n}", []),
        ("{aedj://}", []),
        ("{ch://OCAC_1/$.x} ${e://Field/x} {auth://x}", []),
    ],
)
def test_a_field_without_its_tilde_is_found_Q_BODY_3(text, found):  # noqa: N802  a fact's id
    assert list(literal_fields({"x": text})) == [("x", it) for it in found]


def test_the_tasks_whose_output_is_piped_are_found_Q_WF_4():  # noqa: N802  a fact's id
    text = (
        "~{ch://OCAC_1/$.a['b']} <code>~{ch://OCAC_2/result}</code> ~{ch://First task} {ch://no/}"
    )
    assert [name for _, name in outputs({"x": text})] == ["OCAC_1", "OCAC_2", "First task"]


def test_pipes_of_other_kinds_are_found_and_those_of_fields_are_none_of_them():
    text = (
        "~{aedj://n} {aedj://n} ~{ch://OCAC_1/$.x} ${e://Field/x} ~{auth://a} ${rm://Field/b} {x}"
    )
    found = [pipe for _, pipe in other_kinds({"x": text})]
    assert found == ["~{ch://OCAC_1/$.x}", "${e://Field/x}", "~{auth://a}", "${rm://Field/b}"]

"""What stays literal in a task's settings is named with its place and the reason (Q-BODY-3)."""

from mock_qualtrics.events.literal_texts import literal_texts


def test_each_part_that_stays_has_its_place_and_why():
    settings = {
        "to": "~{aedj://email}",
        "lines": ["~{aedj://name}", "{aedj://email}", "~{aedj://nobody}"],
        "url": "~{ch://OCAC_1/$.id} ${e://Field/x}",
    }
    found = list(literal_texts(settings, {"email": "x"}, {"email": "$.e", "name": "$.n"}))
    assert [(one.place, one.text) for one in found] == [
        ("lines[0]", "~{aedj://name}"),
        ("lines[2]", "~{aedj://nobody}"),
        ("lines[1]", "{aedj://email}"),
        ("url", "~{ch://OCAC_1/$.id}"),
        ("url", "${e://Field/x}"),
    ]
    assert [one.why for one in found][:3] == [
        "the field name has no value: nothing at $.n",
        "the workflow has no field nobody",
        "it has no ~ before it; ~{aedj://email} pipes the field",
    ]

"""What a JSONPath finds in an event."""

import pytest

from mock_qualtrics.events.json_path import Path

EVENT = {
    "person": {"name": "Dave", "age": 41, "member": True},
    "tags": ["new", 7],
    "ups": {"a": {"status": "exited"}, "b": {"status": "realized"}},
    "nothing": None,
}


@pytest.mark.parametrize(
    ("path", "values"),
    [
        ("$", [EVENT]),
        ("$.person.name", ["Dave"]),
        ("$.person.name.first", []),
        ("$.tags[0]", ["new"]),
        ("$['person']['age']", [41]),
        ("$.ups[?@.status == 'realized'].status", ["realized"]),
    ],
)
def test_a_path_finds_values_in_document_order(path, values):
    assert Path(path).values(EVENT) == values


def test_a_text_that_is_no_path_is_refused():
    with pytest.raises(ValueError, match="no JSONPath"):
        Path("person.name")


def test_paths_are_values():
    assert Path("$.a") == Path("$.a")
    assert Path("$.a") != Path("$.b")
    assert len({Path("$.a"), Path("$.a")}) == 1
    assert repr(Path("$.a")) == "Path('$.a')"

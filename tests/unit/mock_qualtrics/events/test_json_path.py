"""What a JSONPath finds in an event."""

import pytest

from mock_qualtrics.errors import InvalidPathError, InvalidSettingsError, PathFailedError
from mock_qualtrics.events import counted_json_path
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


@pytest.mark.parametrize(
    "text", ["person.name", "$[?@.a==1e999]", "$" + "[?@" * 150 + ".a" + "]" * 150]
)
def test_a_text_that_is_no_path_is_a_wrong_setting_whatever_the_library_raises(text):
    with pytest.raises(InvalidPathError, match="no JSONPath") as caught:
        Path(text)
    assert isinstance(caught.value, InvalidSettingsError)


def test_whatever_the_library_raises_on_an_event_the_path_fails_with_the_reason(monkeypatch):
    def find(*_: object) -> None:
        raise OverflowError("too large")

    path = Path("$.*")
    monkeypatch.setattr(counted_json_path, "find", find)
    with pytest.raises(PathFailedError, match="cannot be evaluated: OverflowError: too large"):
        path.values({})


def test_paths_are_values():
    assert Path("$.a") == Path("$.a")
    assert Path("$.a") != Path("$.b")
    assert len({Path("$.a"), Path("$.a")}) == 1
    assert repr(Path("$.a")) == "Path('$.a')"


@pytest.mark.parametrize(
    ("path", "costly"),
    [
        ("$.person.name", False),
        ("$['a'].*[0][1:]", False),
        ("$..a", True),
        ("$[?search(@.a, 'b')]", True),
        ("$.a[0,0][0,0]", True),
    ],
)
def test_a_path_whose_work_may_exceed_the_event_s_size_says_so(path, costly):
    assert Path(path).costly is costly


@pytest.mark.parametrize(
    ("path", "texts"),
    [
        ("$", ["$"]),
        ("$.a.b", ["$", "$.a", "$.a.b"]),
        ("$['a']['b c'][0]..x", ["$", "$.a", "$.a['b c']", "$.a['b c'][0]", "$.a['b c'][0]..x"]),
    ],
)
def test_a_path_names_the_steps_on_its_way(path, texts):
    assert [one.text for one in Path(path).beginnings()] == texts

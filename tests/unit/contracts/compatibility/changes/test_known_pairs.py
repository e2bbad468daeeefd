"""Pairs of parts that contain themselves: what of them is kept, and what is judged again."""

from collections.abc import Iterator

import pytest

from contracts.compatibility.changes import known_pairs
from contracts.compatibility.changes.change import CannotCompareError
from contracts.compatibility.changes.known_pairs import Found, KnownPairs

# Which pairs each one has within it, and what it is refused for itself.
Graph = dict[str, tuple[str, str]]


class Judge:
    """Judges the pairs of a graph, and counts how often."""

    def __init__(self, graph: Graph) -> None:
        self.pairs = KnownPairs()
        self.judged: list[str] = []
        self._graph = graph

    def found(self, name: str) -> Found:
        return self.pairs.found((name, name), lambda: self._judge(name))

    def _judge(self, name: str) -> Iterator[tuple[str, str]]:
        self.judged.append(name)
        inner, own = self._graph[name]
        for one in inner:
            for place, text in self.found(one):
                yield f".{one}{place}", text
        if own:
            yield "", own


def test_a_pair_is_judged_once():
    judge = Judge({"a": ("bb", ""), "b": ("", "no")})
    assert judge.found("a") == ((".b", "no"), (".b", "no"))
    assert judge.found("b") == (("", "no"),)
    assert judge.judged == ["a", "b"]


def test_a_pair_that_contains_only_itself_is_refused_nothing_and_kept():
    judge = Judge({"a": ("a", "")})
    assert judge.found("a") == judge.found("a") == ()
    assert judge.judged == ["a"]


def test_what_was_found_within_an_open_pair_that_is_refused_later_is_judged_again():
    judge = Judge({"a": ("b", "no"), "b": ("a", "")})
    assert judge.found("a") == (("", "no"),)
    assert judge.found("b") == ((".a", "no"),)
    assert judge.judged == ["a", "b", "b"]


def test_what_rests_on_a_pair_further_out_is_not_kept_and_what_does_not_is():
    graph: Graph = {"a": ("bc", "no"), "b": ("ce", ""), "c": ("a", ""), "e": ("", "E")}
    judge = Judge(graph)
    judge.found("a")
    assert judge.found("b") == ((".c.a.b.e", "E"), (".c.a", "no"), (".e", "E"))
    assert judge.judged == ["a", "b", "c", "e", "c", "b", "c"]


def test_more_pairs_than_the_bound_are_an_error(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(known_pairs, "_MOST_PAIRS", 2)
    Judge({"a": ("b", ""), "b": ("", "")}).found("a")
    with pytest.raises(CannotCompareError, match="more than 2 parts"):
        Judge({"a": ("b", ""), "b": ("c", ""), "c": ("", "")}).found("a")

"""A cache that holds short texts only."""

from mock_qualtrics.gate.bounded_cache import LONGEST_REMEMBERED, bounded_cache


def test_short_texts_are_remembered_and_long_ones_are_not():
    asked = []

    @bounded_cache(10)
    def length(text: str) -> int:
        asked.append(text)
        return len(text)

    texts = ["a", "a" * LONGEST_REMEMBERED, "a" * (LONGEST_REMEMBERED + 1)]
    assert [length(text) for text in texts * 2] == [len(text) for text in texts] * 2
    assert asked == [*texts, texts[-1]]


def test_of_many_texts_only_the_latest_are_remembered():
    asked = []

    @bounded_cache(2)
    def itself(text: str) -> str:
        asked.append(text)
        return text

    assert [itself(text) for text in "abcbca"] == list("abcbca")
    assert asked == ["a", "b", "c", "a"]

"""JSON values that are equal have one text, and large numbers have one too."""

from contracts.compatibility.json_values import canonical_text, with_whole_numbers


def test_a_number_that_can_be_printed_stays_and_a_larger_one_is_told_from_others():
    assert with_whole_numbers([1 << 13_999, 2.0, 2.5]) == [1 << 13_999, 2, 2.5]
    large, other = canonical_text(1 << 14_000), canonical_text((1 << 14_000) + 1)
    assert large != other
    assert canonical_text({"a": [1.0], "b": True}) == canonical_text({"b": True, "a": [1]})
    assert canonical_text(1) != canonical_text(True)

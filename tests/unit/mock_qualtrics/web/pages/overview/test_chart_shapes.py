"""Where bars, lines and axes stand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mock_qualtrics.web.pages.overview import chart_shapes
from mock_qualtrics.web.pages.overview.chart_shapes import BOTTOM, LEFT, TOP, WIDTH


@given(st.floats(min_value=1e-6, max_value=1e12))
def test_an_axis_reaches_over_the_largest_value_with_few_round_numbers(largest):
    top = chart_shapes.top_of_axis(largest)
    assert largest <= top * (1 + 1e-5)
    assert top <= largest * 3
    ticks = chart_shapes.ticks(top)
    assert 3 <= len(ticks) <= 5
    assert (ticks[0].text, ticks[0].y) == ("0", BOTTOM)
    assert ticks[-1].y == TOP


def test_numbers_on_an_axis_are_short():
    assert [tick.text for tick in chart_shapes.ticks(3_000)] == ["0", "1k", "2k", "3k"]
    assert [tick.text for tick in chart_shapes.ticks(0.4, " s")][-1] == "0.4 s"
    assert chart_shapes.short_number(1_500_000) == "1.5M"


def test_parts_of_a_bar_stand_on_each_other_and_none_is_drawn_for_zero():
    empty, full = chart_shapes.stacked_bars([{"a": 0, "b": 0}, {"a": 1, "b": 3}], top=4)
    assert empty == []
    lower, upper = full
    assert lower.y + lower.height == BOTTOM
    assert upper.y + upper.height == pytest.approx(lower.y)
    assert upper.y == TOP
    assert LEFT + (WIDTH - LEFT) / 2 <= lower.x < lower.x + lower.width <= WIDTH


def test_a_line_has_gaps_where_nothing_is():
    path = chart_shapes.line([None, 1.0, 2.0, None, 4.0], top=4)
    assert path.count("M") == 2
    assert path.count("L") == 1
    assert path.count("h") == 1  # the last one stands alone
    assert chart_shapes.line([None, None], top=1) == ""


@pytest.mark.parametrize(("count", "shown"), [(0, 0), (1, 1), (2, 2), (60, 4)])
def test_a_few_times_stand_below(count, shown):
    labels = chart_shapes.time_labels([f"{number:02}:00" for number in range(count)])
    assert len(labels) == shown
    assert all(LEFT <= label.x <= WIDTH for label in labels)
    if count > 1:
        assert (labels[0].text, labels[-1].text) == ("00:00", f"{count - 1:02}:00")

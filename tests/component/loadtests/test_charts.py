"""Charts, drawn by matplotlib."""

import re
from dataclasses import replace
from xml.etree import ElementTree as ET

import pytest

pytest.importorskip("matplotlib", reason="the extra load")

from loadtests.charts import Calls, inline_svg, png, svg

CALLS = Calls(
    title="100 profiles at $10 a $second <&",
    bin_seconds=1.0,
    limit=30,
    window_seconds=60.0,
    counts={
        "arrivals": [10] * 10 + [0] * 30,
        "accepted": [10] * 3 + [0] * 37,
        "refused": [0] * 3 + [10] * 7 + [0] * 30,
        "dropped": [0] * 33 + [10] * 7,
    },
)


def test_the_same_values_give_the_same_bytes_without_a_date() -> None:
    first = svg([CALLS])
    assert svg([CALLS]) == first
    assert not re.search(r"<dc:date|20\d\d-|Matplotlib v", first)


def test_an_svg_says_in_text_what_it_shows_and_takes_the_colour_of_its_page() -> None:
    drawn = svg([CALLS])
    texts = [element.text for element in ET.fromstring(drawn).iter() if element.text]
    for text in ("arrivals", "accepted", "refused", "dropped", "limit 30", CALLS.title):
        assert text in texts
    assert "currentColor" in drawn
    assert not re.search(r"#(?:000000|ffffff|0a0b0c)", drawn)


def test_an_svg_in_a_page_is_one_element_with_a_label_and_no_size_of_its_own() -> None:
    element = inline_svg([CALLS], "Calls over time")
    head = element[: element.index(">")]
    assert element.startswith("<svg ")
    assert re.findall(r' width="([^"]*)"', head) == ["100%"]
    assert 'role="img" aria-label="Calls over time"' in head
    assert ET.fromstring(element).tag.endswith("svg")


def test_several_charts_stand_below_each_other_in_one_png() -> None:
    one, two = png([CALLS]), png([CALLS, CALLS])
    assert one.startswith(b"\x89PNG\r\n")
    sizes = [(int.from_bytes(p[16:20]), int.from_bytes(p[20:24])) for p in (one, two)]
    assert sizes[0][0] == sizes[1][0]
    assert sizes[1][1] == 2 * sizes[0][1]
    assert b"matplotlib" not in one.lower()


def test_an_axis_that_is_logarithmic_says_so() -> None:
    assert "logarithmic above 30" in svg([CALLS])
    assert "logarithmic" not in svg([replace(CALLS, limit=100)])


def test_the_limit_is_drawn_above_the_accepted_calls() -> None:
    panel = svg([CALLS]).split('<g id="axes_2">')[0]
    lines, _, _legend = panel.partition('<g id="legend_1">')
    accepted, limit = lines.rindex("#009e73"), lines.rindex("stroke-dasharray: 1.5,2.475")
    assert accepted < limit

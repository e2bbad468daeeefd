"""A forecast beside what a run did, in words."""

from loadtests.commands.output.against_table import against_rows, verdict
from loadtests.planning.comparison import Comparison, Figure

OFF = Comparison(
    (
        Figure("identitiesActivated", 12_000, 11_400),
        Figure("identitiesFailed", 8_000, 8_600),
        Figure("messages.uncertain", 0, 3),
        Figure("identitiesExcluded", 0, 0),
        Figure("processingTimeSeconds", 229.99, 230.5),
    )
)


def test_each_figure_says_by_how_much_it_was_off():
    assert against_rows(OFF) == [
        ("identitiesActivated", "12,000", "11,400", "-600", "5.0 % less"),
        ("identitiesFailed", "8,000", "8,600", "+600", "7.5 % more"),
        ("messages.uncertain", "0", "3", "+3", ""),
        ("identitiesExcluded", "0", "0", "0", ""),
        ("processingTimeSeconds", "229.99", "230.5", "+0.51", "0.2 % more"),
    ]


def test_a_figure_that_is_equal_is_off_by_nothing():
    assert against_rows(Comparison((Figure("accepted", 5, 5),))) == [
        ("accepted", "5", "5", "0", "0 %")
    ]


def test_the_verdict_names_what_was_off_most():
    assert verdict(OFF) == (
        "The forecast was off most at messages.uncertain: it expected none, the run had 3."
    )
    less = Comparison(OFF.figures[:1])
    assert verdict(less) == (
        "The forecast was off most at identitiesActivated: the run had 5.0 % less."
    )


def test_the_verdict_of_equal_counts():
    equal = Comparison((Figure("accepted", 5, 5), Figure("processingTimeSeconds", 1.0, 9.0)))
    assert verdict(equal) == "The forecast was right to the message."

"""A figure of a forecast beside that of a run."""

from loadtests.planning.comparison import Figure


def test_by_how_much_a_figure_was_off() -> None:
    figure = Figure("identitiesFailed", forecast=28, actual=21)
    assert (figure.difference, figure.difference_share) == (-7, -0.25)
    assert Figure("identitiesFailed", forecast=0, actual=3).difference_share is None
    assert figure.to_mapping() == {
        "name": "identitiesFailed",
        "forecast": 28,
        "actual": 21,
        "difference": -7,
        "differenceShare": -0.25,
    }

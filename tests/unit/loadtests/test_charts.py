"""What a chart is drawn from; tests/component draws it."""

import pytest

from loadtests import charts


@pytest.mark.parametrize(
    ("bin_seconds", "expected"),
    [
        pytest.param(60.0, [6.0, 0.0, 2.0], id="a bin as long as the window"),
        pytest.param(30.0, [6.0, 6.0, 2.0], id="two bins in the window"),
        pytest.param(40.0, [6.0, 3.0, 2.0], id="a bin half in the window"),
        pytest.param(120.0, [3.0, 0.0, 1.0], id="a bin longer than the window: its average"),
        pytest.param(1.0, [6.0, 6.0, 8.0], id="all in the window"),
    ],
)
def test_counts_of_the_window_before_the_end_of_each_bin(
    bin_seconds: float, expected: list[float]
) -> None:
    assert charts.in_the_window_before([6, 0, 2], bin_seconds, 60.0) == pytest.approx(expected)


def test_without_matplotlib_the_error_says_how_to_install_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(charts, "find_spec", lambda name: None)
    with pytest.raises(charts.ChartsMissingError, match=r"pip install 'mock-qualtrics\[load\]'"):
        charts.check_installed()
    with pytest.raises(charts.ChartsMissingError, match=r"^charts need matplotlib"):
        charts.svg([])


def test_with_matplotlib_nothing_is_imported_to_find_that_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[str] = []
    monkeypatch.setattr(charts, "find_spec", lambda name: asked.append(name) or name)
    charts.check_installed()
    assert asked == ["matplotlib"]

"""The command of the soak, with a soak that is over at once."""

import json

import pytest
from click.testing import CliRunner, Result

from loadtests import charts
from loadtests.soak import __main__ as command
from loadtests.soak.soaking import SoakError
from support.soaks import soak


@pytest.fixture
def run(tmp_path, monkeypatch):
    """Run the command; what the soak sees, or raises, is given."""

    def run(seen: object, *options: str) -> Result:
        def soaked(plan, folder, clock) -> object:
            if isinstance(seen, BaseException):
                raise seen
            return seen

        monkeypatch.setattr(command, "soaked", soaked)
        monkeypatch.setattr(charts, "find_spec", lambda name: None)  # they take long to draw
        folder = str(tmp_path / "a" / "folder")
        return CliRunner().invoke(command.main, ["--folder", folder, *options])

    return run


def test_a_soak_in_which_all_is_well_is_reported_and_ends_with_0(run, tmp_path):
    done = run(soak(0.1))
    assert done.exit_code == 0, done.output
    assert "passed\tno process is left\tnothing\n" in done.output
    assert f"Report: {tmp_path}/a/folder/report.html\n" in done.output
    report = json.loads((tmp_path / "a/folder/report.json").read_text("utf-8"))
    assert report["exitCode"] == 0
    assert b"Flat, and nothing lost" in (tmp_path / "a/folder/report.html").read_bytes()


@pytest.mark.parametrize(
    ("seen", "exit_code", "said"),
    [
        (soak(0.1, left=("python",)), 1, "failed\tno process is left\tstill running: python"),
        (soak(0.1, results={"slow": None}), 5, "error\tnothing lost: slow\tthe load left no"),
        (KeyboardInterrupt(), 3, "interrupted"),
        (SoakError("a load did not begin"), 5, "error: a load did not begin"),
        (ValueError("odd"), 5, "an error of the harness: ValueError: odd"),
    ],
)
def test_how_it_ends_says_what_came_of_it(run, seen, exit_code, said):
    done = run(seen)
    assert done.exit_code == exit_code, done.output
    assert said in done.output


@pytest.mark.parametrize("minutes", ["0.05", "121", "long"])
def test_it_is_bounded(run, minutes):
    done = run(soak(0.1), "--minutes", minutes)
    assert done.exit_code == 2
    assert "--minutes" in done.output

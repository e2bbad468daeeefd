"""Running seeds: which ones, in which order, and what is said of those that fail."""

import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence

import pytest
from click.testing import CliRunner

from simulation.run import main
from simulation.running.failure import failure_of, replay_line
from simulation.running.one_seed import BROKE, Outcome, run_schedule, run_seed
from simulation.running.seeds import FailedSeeds, numbers_from, seeds_from
from simulation.running.side_by_side import ProcessEndedError, outcomes
from simulation.running.tally import Tally
from simulation.schedule import Result, Schedule, Violation, generate
from simulation.trace import line


def sound(schedule: Schedule, trace: Callable[[str], None] | None = None) -> Result:
    return Result(messages=60, steps=99, faults_hit=Counter(hang=2))


def broken(schedule: Schedule, trace: Callable[[str], None] | None = None) -> Result:
    """Fail where happening 2 and profile 5 are there."""
    if trace is not None:
        trace(line(0, "world", f"{len(schedule.happenings)} happenings"))
    if 2 in schedule.numbers and 5 in schedule.setup.profiles():
        return Result(violation=Violation("order", "message 3 before message 2", 7))
    return Result()


def breaking(schedule: Schedule, trace: Callable[[str], None] | None = None) -> Result:
    raise LookupError("no such run")


@pytest.mark.parametrize(
    ("text", "seeds"), [("3", range(1, 4)), ("301-600", range(301, 601)), ("7-7", range(7, 8))]
)
def test_seeds_are_named_by_a_number_or_a_range(text, seeds):
    assert seeds_from(text) == seeds


@pytest.mark.parametrize("text", ["", "0", "x", "-3", "9-3", "1-2-3", "1.5", "²", "99999999999"])
def test_what_names_no_seeds_is_refused(text):
    with pytest.raises(ValueError, match=r"found .*, expected"):
        seeds_from(text)


def test_numbers_are_listed_or_none():
    assert numbers_from("3, 9") == (3, 9)
    assert numbers_from("none") == ()
    with pytest.raises(ValueError, match="found '3,x', expected numbers such as 3,9, or none"):
        numbers_from("3,x")


def test_seeds_that_failed_run_first_the_fastest_first_until_they_pass(tmp_path):
    file = tmp_path / "folder" / "failed.json"
    failed = FailedSeeds(file)
    failed.note(8, 0.5, failed=True)
    failed.note(900, 0.1, failed=True)
    failed.note(3, 0.2, failed=False)
    again = FailedSeeds(file)
    assert again.in_order(range(7, 10)) == [900, 8, 7, 9]
    again.note(8, 0.5, failed=False)
    assert FailedSeeds(file).in_order([1]) == [900, 1]


@pytest.mark.parametrize("text", ["", "[1]", '{"x": 1}', "\0", '{"1": null}'])
def test_a_file_of_failed_seeds_that_is_broken_counts_as_empty(tmp_path, text):
    (tmp_path / "failed.json").write_text(text)
    assert FailedSeeds(tmp_path / "failed.json").in_order([4]) == [4]


def test_an_error_that_is_raised_is_a_violation_with_its_place():
    violation = run_schedule(generate(1), breaking).violation
    assert violation is not None
    assert violation.invariant == BROKE
    assert violation.detail.startswith("LookupError: no such run at test_running.py:")


def test_a_failure_is_shrunk_and_replayed_by_one_line(tmp_path):
    schedule = generate(4)
    violation = run_schedule(schedule, broken).violation
    assert violation is not None
    failure = failure_of(schedule, violation, broken, trace_file=tmp_path / "x" / "4.trace")
    assert failure.replay_line() == "make simulate SEED=4 HAPPENINGS=2 PROFILES=5"
    assert (tmp_path / "x" / "4.trace").read_text() == "".join(f"{each}\n" for each in failure.end)
    text = failure.text()
    assert "seed 4 failed: order: message 3 before message 2 (step 7)" in text
    assert f"1 of {len(schedule.happenings)} happenings, 1 of " in text
    assert "0d 00:00:00.000000 world   1 happenings" in text
    assert text.endswith(f"\nthe whole trace: {tmp_path / 'x' / '4.trace'}")


def test_a_failure_without_any_fault_says_so_and_one_is_not_shrunk_on_demand():
    schedule = generate(4)
    assert replay_line(schedule.keeping([]), schedule) == "make simulate SEED=4 HAPPENINGS=none"
    failure = failure_of(schedule, Violation("order", "x"), broken, most_tries=0)
    assert failure.replay_line() == "make simulate SEED=4"


def test_a_tally_counts_and_says_what_was_hit_too_seldom():
    tally = Tally()
    tally.add(run_seed(1, sound))
    tally.add(Outcome(2, Result(violation=Violation("order", "x"))))
    assert (tally.seeds, tally.messages, [each.seed for each in tally.failed]) == (2, 60, [2])
    expected = "2 seeds in 4 s (0.5 a second): 60 messages, 2 faults, 0 crashes (rarest: status, 0 "
    assert expected in tally.text(4.0)
    short = tally.short_of(2)
    assert "hang" not in short
    assert short["redirect"] == short["mock-in-group"] == 0


@pytest.fixture
def simulate(monkeypatch):
    """Have the command run with another world."""

    def choose(world: Callable[..., Result]) -> None:
        monkeypatch.setattr(
            "simulation.run.outcomes", lambda seeds, jobs: (run_seed(s, world) for s in seeds)
        )
        monkeypatch.setattr(
            "simulation.run.run_schedule", lambda it, trace: run_schedule(it, world, trace)
        )
        monkeypatch.setattr(
            "simulation.run.failure_of",
            lambda schedule, found, none, *more: failure_of(schedule, found, world, *more),
        )

    return choose


def command(*arguments: str):
    return CliRunner().invoke(main, arguments)


def test_seeds_that_hold_are_counted(simulate, tmp_path):
    simulate(sound)
    shown = command("--seeds", "20", "--folder", str(tmp_path))
    assert shown.exit_code == 0
    assert "20 seeds in 0 s" in shown.stdout
    assert shown.stdout.endswith("0 crashes (rarest: status, 0 times); none failed\n")
    assert "2 of 20 seeds" in shown.stderr
    assert not list(tmp_path.iterdir())


def test_a_seed_that_fails_is_shown_with_what_replays_it_and_kept(simulate, tmp_path):
    simulate(broken)
    shown = command("--seeds", "4-9", "--folder", str(tmp_path), "--stop-at-first")
    assert shown.exit_code == 1
    assert "1 failed" in shown.stdout
    assert "replay it: make simulate SEED=4 HAPPENINGS=2 PROFILES=5\n" in shown.stdout
    assert (tmp_path / "seed-4.trace").is_file()
    assert list(json.loads((tmp_path / "failed-seeds.json").read_text())) == ["4"]


def test_of_many_failures_the_fastest_are_shown_and_the_others_named(simulate, tmp_path):
    simulate(broken)
    shown = command("--seeds", "6", "--folder", str(tmp_path), "--shrink-tries", "0")
    assert shown.stdout.count("replay it:") == 3
    assert "3 more failed:" in shown.stdout


def test_a_failure_is_said_in_full_where_nothing_can_be_written(simulate, tmp_path):
    (tmp_path / "file").touch()
    simulate(broken)
    folder = str(tmp_path / "file" / "folder")
    shown = command("--seeds", "3", "--folder", folder, "--shrink-tries", "0")
    assert shown.exit_code == 1
    assert shown.stdout.count("replay it:") == 3
    assert shown.stdout.count("the whole trace could not be written: ") == 3


@pytest.mark.parametrize(
    ("error", "code"), [(KeyboardInterrupt(), 3), (ProcessEndedError("seeds 6, 7"), 5)]
)
def test_an_interrupted_run_and_one_without_a_verdict_have_their_exit_codes(
    monkeypatch, tmp_path, error, code
):
    def none(seeds, jobs) -> Iterator[Outcome]:
        raise error
        yield

    monkeypatch.setattr("simulation.run.outcomes", none)
    assert command("--seeds", "9", "--folder", str(tmp_path)).exit_code == code


def test_one_seed_is_replayed_with_what_is_kept_of_it_and_its_trace(simulate):
    simulate(broken)
    shown = command("--seed", "4", "--keep-happenings", "2", "--keep-profiles", "5", "--trace")
    assert shown.exit_code == 1
    assert "world   1 happenings" in shown.stdout
    assert "FAILED order: message 3 before message 2 (step 7)" in shown.stdout
    held = command("--seed", "4", "--keep-happenings", "none")
    assert held.exit_code == 0
    assert "all invariants held" in held.stdout


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--seeds", "0"), "Invalid value for '--seeds': found '0', expected a number such as"),
        (("--seed", "1", "--seeds", "2"), "found both --seed and --seeds, expected one of them"),
        (("--trace",), "--keep-happenings, --keep-profiles and --trace need --seed"),
        (("--seed", "1", "--keep-happenings", "99"), "(make: HAPPENINGS): found 99, expected"),
        (("--seed", "1", "--keep-profiles", "x"), "found 'x', expected numbers such as 3,9"),
        (("--jobs", "0"), "Invalid value for '--jobs'"),
    ],
)
def test_bad_input_has_one_clear_error_and_nothing_is_run(arguments, message):
    shown = command(*arguments)
    assert shown.exit_code == 2
    assert message in shown.stderr


def test_long_lines_are_cut_for_people_and_whole_in_the_file(simulate, tmp_path):
    long = "export " + 1_000 * "x"

    def tells(schedule: Schedule, trace: Callable[[str], None] | None) -> Result:
        if trace is not None:
            trace(long)
        return Result(violation=Violation("order", "message 3 before message 2"))

    simulate(tells)
    for words in (("--seed", "4", "--trace"), ("--seeds", "1", "--folder", str(tmp_path))):
        shown = command(*words).stdout
        assert long[:200] in shown
        assert max(map(len, shown.splitlines())) <= 240
    assert (tmp_path / "seed-1.trace").read_text() == f"{long}\n"


def test_few_seeds_run_in_this_process(monkeypatch):
    monkeypatch.setattr("simulation.running.side_by_side.run_seed", Outcome)
    assert [each.seed for each in outcomes([4, 2], jobs=8)] == [4, 2]


def ending(seeds: Sequence[int]) -> list[Outcome]:
    """End the process, as `kill -9` does, at seed 7."""
    if 7 in seeds:
        os._exit(9)
    return [Outcome(seed) for seed in seeds]


def test_a_process_that_ends_by_itself_names_the_seeds_that_were_under_way(monkeypatch):
    monkeypatch.setattr("simulation.running.side_by_side._run", ending)
    with pytest.raises(ProcessEndedError, match=r"a process ended by itself; these seeds .* 7, 8"):
        list(outcomes(range(1, 21), jobs=2))


def test_a_process_ends_with_its_parent_so_that_none_is_left_behind():
    """The parent ends at once, when its child, which would wait for long, has begun."""
    code = """
import multiprocessing, os, sys
from simulation.running.side_by_side import end_with_parent

def wait(pipe):
    end_with_parent()
    pipe.send_bytes(b"begun")
    multiprocessing.Event().wait(50)

if __name__ == "__main__":
    context = multiprocessing.get_context("fork")
    ours, theirs = context.Pipe()
    context.Process(target=wait, args=(theirs,)).start()
    ours.recv_bytes()
    os._exit(0)
"""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    # The child has the parent's output, too: it is at its end once both have ended.
    subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, check=True, timeout=40
    )

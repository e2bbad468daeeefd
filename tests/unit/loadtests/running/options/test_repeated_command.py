import shlex

import pytest

from loadtests.running.options.repeated_command import repeated_command
from loadtests.running.options.run_options import options_of
from support.one_process import parsed

EVERYTHING = (
    *("--workload", "nightly", "--profiles", "10", "--days", "2", "--arrival-rate", "5.5"),
    *("--retry-after", "1,2", "--threshold", "lost==0", "--threshold", "p95_ms<9"),
    *("--generator-late-ms", "1234.56789", "--threshold", "p50_ms<8,max_ms<99"),
    *("--seed", "7", "--report", "a page.0", "--i-own-this-target", "--warm-up-seconds", "0.5"),
)


@pytest.mark.parametrize("words", [(), EVERYTHING])
def test_the_command_asks_for_what_was_asked(words) -> None:
    program, name, headless, *again = shlex.split(repeated_command(parsed(*words)))
    assert (program, name, headless) == ("qualtrics-load", "locust", "--headless")
    assert options_of(parsed(*again)) == options_of(parsed(*words))
    assert len(again) == len(words)


def test_several_processes_and_users_are_named() -> None:
    asked = parsed()
    asked.num_users, asked.run_time = 7, 90
    assert repeated_command(asked, 2).split()[3:] == [
        *("--processes", "2", "--users", "7", "--run-time", "90s")
    ]

"""What a profiler saw, counted by module."""

from loadtests.benchmarks.profile import shares_by_module

STACKS = """\
run (mock_qualtrics/server.py:12);take (mock_qualtrics/intake.py:9);loads (json/__init__.py:1) 3
run (mock_qualtrics/server.py:12);select (uvloop/loop.py:7) 1
work (mock_qualtrics/store/checkpoints.py:5);wait (threading.py:2) 90
"""


def test_a_sample_counts_for_the_innermost_module_of_ours():
    shares = shares_by_module(STACKS)
    assert shares == [("mock_qualtrics/intake.py", 0.75), ("mock_qualtrics/server.py", 0.25)]


def test_where_nothing_of_ours_was_seen_there_is_no_share():
    assert shares_by_module("") == []

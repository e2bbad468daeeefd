"""A sender killed with ``kill -9`` at any instant: every profile still ends in a known state.

The number of kills is ``SENDER_KILLS`` in the environment, the seed of their instants
``SENDER_KILL_SEED``.
"""

import json
import os
import random

import pytest

from support import until

PROFILES = 400
KILLS = int(os.environ.get("SENDER_KILLS", "10"))
SEED = int(os.environ.get("SENDER_KILL_SEED", "1"))


def _kill_after(process, stage, accepted) -> None:
    until(lambda: process.poll() is not None or stage.totals()["accepted"] >= accepted)
    process.kill()
    process.communicate()


def balanced(report):
    messages = report["messages"]
    return report["profilesReceived"] == sum(messages.values())


@pytest.mark.parametrize("transport", ["requests", "fast"])
def test_a_sender_killed_again_and_again_loses_nothing(stage, transport):
    rng = random.Random(f"{SEED} {transport}")
    profiles = stage.profiles(PROFILES)
    pace = ("--transport", transport, "--calls-per-minute", "unlimited", "--workers", "4")
    command = stage.export(profiles, *pace)
    for _ in range(max(1, KILLS // 2)):
        process = stage.start(*command)
        goal = rng.randrange(0, PROFILES // 5)
        before = stage.totals()["accepted"]
        _kill_after(process, stage, before + goal)
        if not stage.outbox.exists():
            continue
        command = rng.choice(
            [stage.export(profiles, *pace), ("resume", "--outbox", stage.outbox, *pace)]
        )
    finished = stage.run(*stage.export(profiles, *pace, "--report", "r.json"))
    assert finished.returncode == 0, finished.stderr
    status = json.loads(stage.call("status", "--outbox", stage.outbox, "--json").stdout)
    totals = stage.totals()
    assert balanced(status)
    assert status["messages"]["pending"] == 0
    assert totals["accepted"] - totals["duplicates"] == PROFILES
    assert totals["duplicates"] <= status["uncertainAttempts"]
    found = stage.call("reconcile", "--outbox", stage.outbox, "--mock", stage.mock_url, "--json")
    differences = json.loads(found.stdout)["disagreements"]
    assert sum(d["accepted"] - 1 for d in differences) == totals["duplicates"]
    assert all(d["state"] == "activated" and d["uncertainAttempts"] for d in differences)


def test_a_killed_export_goes_on_with_resume_to_the_end_of_its_file(stage):
    profiles = stage.profiles(PROFILES)
    process = stage.start(*stage.export(profiles, "--calls-per-minute", "600"))
    until(lambda: stage.totals()["accepted"] >= 5)
    process.kill()
    process.communicate()
    resumed = stage.run(
        "resume", "--outbox", stage.outbox, "--report", "r.json", "--calls-per-minute", "unlimited"
    )
    assert resumed.returncode == 0, resumed.stderr
    report = json.loads((stage.folder / "r.json").read_text())
    assert balanced(report)
    assert report["profilesReceived"] == report["messages"]["activated"] == PROFILES
    totals = stage.totals()
    assert totals["accepted"] - totals["duplicates"] == PROFILES
    assert totals["duplicates"] <= report["uncertainAttempts"]


def test_lost_answers_are_counted_and_the_messages_arrive(stage):
    stage.add_fault(kind="reset-after-journal", when={"every": 10})
    finished = stage.run(
        *stage.export(stage.profiles(100), "--calls-per-minute", "unlimited", "--report", "r.json")
    )
    assert finished.returncode == 0, finished.stderr
    report = json.loads((stage.folder / "r.json").read_text())
    totals = stage.totals()
    assert report["messages"]["activated"] == 100
    assert totals["duplicates"] == report["uncertainAttempts"] >= 10
    assert totals["accepted"] == 100 + totals["duplicates"]


def test_profiles_that_were_sorted_after_a_kill_are_all_exported(stage):
    profiles = stage.profiles(300)
    slowly = ("--calls-per-minute", "600", "--workers", "1")  # killed long before its end
    _kill_after(stage.start(*stage.export(profiles, *slowly)), stage, 1)
    status = profiles.stat()
    profiles.write_text("".join(reversed(profiles.read_text().splitlines(keepends=True))))
    os.utime(profiles, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert profiles.stat().st_size == status.st_size
    finished = stage.run(*stage.export(profiles, "--calls-per-minute", "unlimited"))
    assert finished.returncode == 0, finished.stderr
    assert "they are read anew from the first row" in finished.stderr
    totals = stage.totals()
    assert totals["accepted"] - totals["duplicates"] == 300

import pytest

from contracts.verdicts import Outcome
from loadtests.soak.findings import findings, verdicts_of
from loadtests.soak.observed import Ending
from support.soaks import MEGABYTE, load, soak


def exit_code(observed):
    return verdicts_of(findings(observed)).exit_code


def not_well(observed):
    return {each.name: each.found for each in findings(observed) if each.outcome != "passed"}


def with_load(minutes: float = 10.0, **changes: object):
    return soak(minutes, results={"slow": load(minutes * 60, **changes)})


def test_a_soak_in_which_all_is_well_passes():
    assert (not_well(soak()), exit_code(soak())) == ({}, 0)


LEAKS = {
    "memory": lambda place, its: its._replace(resident_bytes=its.resident_bytes + place * 80_000),
    "threads": lambda place, its: its._replace(threads=its.threads + place // 50),
    "descriptors": lambda place, its: its._replace(descriptors=its.descriptors + place // 20),
    "longest write-ahead log so far, 17 MB at least": lambda place, its: its._replace(
        log_bytes=place * 100_000
    ),
    "store for each call": lambda place, its: its._replace(
        store_bytes=its.store_bytes + 1_000 * place**2
    ),
    "answer to a health check": lambda place, its: its._replace(answer_ms=place / 3),
}


@pytest.mark.parametrize("name", LEAKS)
def test_a_leak_is_found_and_fails_the_soak(name):
    leaking = soak(change=LEAKS[name])
    assert list(not_well(leaking)) == [f"flat: {name}"]
    assert exit_code(leaking) == 1


def test_latency_that_creeps_is_found_in_the_load_that_it_is_in():
    creeping = [5.0] * 400 + [40.0] * 200
    over_time = {"binSeconds": 1.0, "latencyMs": {"p50": creeping, "p95": creeping}}
    assert not_well(with_load(overTime=over_time)) == {
        "flat: p50 of calls, slow": "5 ms in the middle third, 40 in the last; 25 more allowed"
    }


def test_a_short_soak_judges_no_flatness_and_everything_else():
    short = soak(1.0, change=LEAKS["memory"])
    assert exit_code(short) == 0
    outcomes = {each.name: each.outcome for each in findings(short)}
    assert outcomes["flat: memory"] is Outcome.SKIPPED
    assert outcomes["nothing lost: slow and failing"] is Outcome.PASSED
    assert exit_code(with_load(1.0, lost=1)) == 1


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({"lost": 2}, "2 messages lost"),
        ({"verdict": "broken", "reasons": ["why"]}, "broken, why"),
        ({"balance": []}, "the mock's journal was not read"),
        (
            {"balance": [{"name": "runs", "holds": False, "note": ""}]},
            "runs do not agree",
        ),
        (
            {"balance": [{"name": "runs", "holds": None, "note": "too old"}]},
            "runs do not agree too old",
        ),
    ],
)
def test_what_is_lost_or_does_not_balance_fails(changes, found):
    lossy = with_load(**changes)
    assert not_well(lossy) == {"nothing lost: slow": found}
    assert exit_code(lossy) == 1


@pytest.mark.parametrize("kind", ["generator-limited", "interrupted"])
def test_a_load_without_a_verdict_leaves_the_soak_without_one(kind):
    assert exit_code(with_load(verdict=kind, reasons=["why"])) == 5


def test_a_load_that_left_no_result_leaves_the_soak_without_a_verdict():
    assert exit_code(soak(results={"slow": None})) == 5


def test_a_message_that_all_tries_failed_is_lost_whatever_locust_calls_it():
    assert not_well(with_load(verdict="failed", lost=1)) == {"nothing lost: slow": "1 message lost"}


def test_samples_that_end_early_give_no_verdict():
    seen = soak()
    cut = seen.samples[:150] + (None,) * 150
    assert exit_code(soak(samples=cut)) == 5


def fetched_at_most(most):
    return lambda place, its: its._replace(page_fetches=min(place, most))


def test_a_page_that_is_fetched_no_more_has_closed():
    stuck = soak(change=fetched_at_most(150))
    found = "fetched 150 times, 0 of them in the last third"
    assert not_well(stuck) == {"the page stays open": found}


def test_in_a_short_soak_a_page_need_not_be_fetched_to_the_end_but_once():
    assert exit_code(soak(1.0, change=fetched_at_most(1))) == 0
    assert exit_code(soak(1.0, change=fetched_at_most(0))) == 1


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({"ending": Ending(False, 0, 0.4)}, "the mock answers at the end"),
        ({"ending": Ending(True, -9, 20.0)}, "SIGTERM ends the mock in order"),
        ({"left": ("python",)}, "no process is left"),
    ],
)
def test_an_end_out_of_order_fails(changes, name):
    assert list(not_well(soak(**changes))) == [name]
    assert exit_code(soak(**changes)) == 1


def test_memory_is_told_in_megabytes():
    found = {each.name: each.found for each in findings(soak())}
    assert found["flat: memory"].startswith("80 MB in the middle third, 80 in the last; 6 more")
    assert MEGABYTE == 1_000_000

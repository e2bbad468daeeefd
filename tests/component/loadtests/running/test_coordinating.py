"""A master whose workers report, fall silent, or are told to stop."""

from types import SimpleNamespace

import gevent
import pytest

from contracts.secret import Secret
from loadtests.measuring import Call, Measurements
from loadtests.running.coordinating import Coordinator, Worker
from loadtests.running.options.run_options import options_of
from loadtests.running.sending.locust_side import LocustSide
from loadtests.running.sending.sending_side import BEGIN, HALT
from sender.transport.base import Endpoint
from support.one_process import Runner, parsed
from support.waiting import DEADLINE_SECONDS

ENDPOINT = Endpoint("http://127.0.0.1:1/x", "dave#brand", Secret("a token"))


class MasterRunner(Runner):
    """A runner with workers, in the order of their numbers."""

    def __init__(self, *ids: str) -> None:
        super().__init__()
        self.nodes = {name: SimpleNamespace(id=name, state="ready") for name in ids}
        nodes = list(reversed(self.nodes.values()))
        self.clients = SimpleNamespace(ready=nodes, spawning=[], running=[], get=self.nodes.get)

    def get_worker_index(self, client_id: str) -> int:
        return list(self.nodes).index(client_id)


@pytest.fixture
def runner() -> MasterRunner:
    return MasterRunner("a", "b")


@pytest.fixture
def coordinator(runner) -> Coordinator:
    environment = SimpleNamespace(parsed_options=parsed("--profiles", "4"))
    side = LocustSide(environment, runner, None, "master")
    made = Coordinator(side, options_of(side.options), ENDPOINT)
    made.course.run_id = "this run"
    made.begin()
    return made


def report(share: int, calls: int = 0, **more: object) -> dict[str, object]:
    seen = Measurements(1.0)
    for number in range(calls):
        seen.add(Call(number, 1, 0, 1, 2, 202, "delivered"))
    taken = {"measured": seen.taken(), "nowUs": 0}
    return {"run": "this run", "share": share, **taken, **more}


def test_each_worker_gets_the_share_of_its_number(coordinator, runner) -> None:
    assert runner.sent == [(BEGIN, "a"), (BEGIN, "b")]
    assert [worker.client_id for worker in coordinator.course.workers.values()] == ["a", "b"]


def test_how_far_a_worker_is_behind_tells_the_report_that_took_least_to_arrive() -> None:
    worker = Worker("a", 0)
    for now_us, coordinators_us in ((1_000, 1_900), (2_000, 2_300), (3_000, 4_000)):
        worker.note_clock(now_us, coordinators_us)
    assert worker.behind_us == 300


def test_a_run_has_ended_when_all_workers_have(coordinator) -> None:
    coordinator.take_progress(report(0, 2, ended=True))
    assert not coordinator.ended.is_set()
    coordinator.take_progress(report(1, 3, ended=True))
    assert coordinator.ended.is_set()
    assert coordinator.course.measurements.calls == 5
    assert coordinator.course.failures == []


@pytest.mark.parametrize("is_gone", [True, False])
def test_a_worker_that_falls_silent_breaks_the_run_and_the_other_goes_on(
    coordinator, runner, is_gone
) -> None:
    coordinator.take_progress(report(1, 3))
    if is_gone:
        del runner.nodes["b"]
    else:
        runner.nodes["b"].state = "missing"
    with gevent.Timeout(DEADLINE_SECONDS):
        while not coordinator.course.failures:
            gevent.sleep(0.01)
    (failure,) = coordinator.course.failures
    assert failure.startswith("worker 1 was lost after it had reported 3 calls")
    assert not coordinator.ended.is_set()
    coordinator.take_progress(report(1, 9))  # it was slow, and not gone: nobody counts it any more
    coordinator.take_progress(report(0, 2, ended=True))
    assert coordinator.ended.is_set()
    assert coordinator.course.measurements.calls == 5


def test_what_a_worker_cannot_do_breaks_the_run_for_all(coordinator, runner) -> None:
    coordinator.take_progress(report(0, measured=None, failure="no", ended=True))
    assert coordinator.course.failures == ["share 0: no"]
    assert runner.sent[2:] == [(HALT, "b")]


def test_workers_that_do_not_stop_when_told_are_lost(coordinator, runner, monkeypatch) -> None:
    monkeypatch.setattr("loadtests.running.coordinating._HALT_SECONDS", 0.01)
    coordinator.take_progress(report(0, 2, ended=True))
    coordinator.halt("it is late")
    assert runner.sent[2:] == [(HALT, "b")]
    assert coordinator.course.cut == "it is late"
    assert [worker.is_lost for worker in coordinator.course.workers.values()] == [False, True]
    assert coordinator.ended.is_set()
    coordinator.halt("again")
    assert coordinator.course.cut == "it is late"


def test_reports_of_nobody_count_for_nothing(coordinator) -> None:
    coordinator.take_progress(report(7, 2))
    coordinator.take_progress(report(0, 2, run="the one before", ended=True))
    assert not coordinator.course.workers[0].has_ended
    assert coordinator.course.measurements.calls == 0


def test_a_run_that_has_not_begun_ends_at_once(runner) -> None:
    side = LocustSide(SimpleNamespace(parsed_options=parsed()), runner, None, "master")
    coordinator = Coordinator(side, options_of(side.options), ENDPOINT)
    coordinator.halt("before it began")
    assert coordinator.ended.is_set()

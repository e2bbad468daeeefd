"""What a soak sees of a running mock, and that its loads end."""

import subprocess
import sys

import psutil
import pytest

from contracts.clock import RealClock
from loadtests.soak.generators import Generator, results_of
from loadtests.soak.samples import Sampler, sampled
from loadtests.soak.soak_plan import soak_plan
from loadtests.soak.soaking import made
from sender.clock import VirtualClock
from support import start_mock

WAITS = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); print(flush=True); input()"


def test_a_mock_is_looked_at_until_it_ends(tmp_path):
    store = tmp_path / "store.sqlite"
    with start_mock("--store", f"sqlite:///{store}", "--wire-faults") as mock:
        tenants = [made(mock.control, tenant) for tenant in soak_plan(0.1).tenants]
        for tenant in tenants:
            mock.session.post(tenant["workflows"][0]["triggerUrl"], "{}", timeout=60)
        ids = [tenant["id"] for tenant in tenants]
        process = psutil.Process(mock.process.pid)
        sampler = Sampler(process, store, mock.control, ids, lambda: 7, RealClock())
        sample = sampler.sample()
        assert (sample.received, sample.page_fetches) == (3, 7)
        assert 10_000_000 < sample.resident_bytes < 1_000_000_000
        assert sample.threads > 1
        assert sample.descriptors > 5
        assert sample.store_bytes + sample.log_bytes > 0
        assert sample.answer_ms > 0
        assert sample.processor_seconds > 0
        mock.stop()
        looks = sampled(sampler.sample, 3, 1.0, VirtualClock(), lambda: True)
        assert looks == (None, None, None)


def test_each_tenant_has_its_limits_its_workflow_and_its_faults():
    plan = soak_plan(0.1)
    with start_mock("--wire-faults") as mock:
        for tenant in plan.tenants:
            tenant_id = made(mock.control, tenant)["id"]
            kept = mock.control.tenant(tenant_id)
            assert kept["limits"].items() >= tenant.limits.items()
            assert len(kept["workflows"]) == 1
            kinds = [fault["kind"] for fault in mock.control.faults(tenant_id)]
            assert kinds == [fault["kind"] for fault in tenant.faults]


@pytest.fixture
def stubborn():
    """A process that does not end when it is asked to."""
    command = [sys.executable, "-c", WAITS]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe) as process:
        process.stdout.readline()
        yield process
        process.kill()


def test_a_load_that_does_not_end_leaves_no_result_and_is_killed(tmp_path, stubborn):
    report = tmp_path / "report.json"
    report.write_text("{}")
    load = Generator(stubborn, report)
    assert load.runs
    assert load.result(0.1) is None
    load.end()
    assert stubborn.returncode == -9


@pytest.mark.parametrize(("content", "result"), [('{"lost": 0}', {"lost": 0}), ("{", None)])
def test_a_load_that_has_ended_has_the_result_that_it_wrote(tmp_path, content, result):
    report = tmp_path / "report.json"
    report.write_text(content)
    with subprocess.Popen([sys.executable, "-c", ""]) as process:
        assert results_of({"slow": Generator(process, report)}, RealClock()) == {"slow": result}
    Generator(process, report).end()


def test_a_load_that_wrote_nothing_has_no_result(tmp_path):
    with subprocess.Popen([sys.executable, "-c", ""]) as process:
        assert Generator(process, tmp_path / "none.json").result(60) is None

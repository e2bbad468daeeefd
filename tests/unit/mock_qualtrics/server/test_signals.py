import signal
import threading

import pytest

from mock_qualtrics.server.signals import hangup_stops


@pytest.fixture
def before():
    """Set a handler that the test may change; the test process's own comes back."""
    own = signal.getsignal(signal.SIGHUP)
    yield lambda handler: signal.signal(signal.SIGHUP, handler)
    signal.signal(signal.SIGHUP, own)


def test_a_hangup_stops_and_the_handler_before_comes_back(before):
    caught = []
    before(signal.SIG_DFL)
    with hangup_stops(lambda number, _: caught.append(number)):
        signal.raise_signal(signal.SIGHUP)
    assert caught == [signal.SIGHUP]
    assert signal.getsignal(signal.SIGHUP) is signal.SIG_DFL


def test_nohup_is_heeded(before):
    before(signal.SIG_IGN)
    with hangup_stops(pytest.fail):
        assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN


def test_a_server_in_a_thread_sets_no_handler(before):
    found = []
    before(signal.SIG_DFL)

    def enter() -> None:
        with hangup_stops(pytest.fail):
            found.append(signal.getsignal(signal.SIGHUP))

    thread = threading.Thread(target=enter)
    thread.start()
    thread.join()
    assert found == [signal.SIG_DFL]

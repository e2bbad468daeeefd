"""The circuit opens, probes, and closes; time is handed in."""

from sender.delivery.circuit_breaker import CircuitBreaker, CircuitState
from sender.policies import CircuitPolicy
from sender.transport.outcomes import Answered, Lost, NotConnected

POLICY = CircuitPolicy(
    opens_after_failures=3,
    first_probe_seconds=1,
    longest_probe_seconds=4,
    gives_up_after_seconds=100,
)


def opened(now=0.0):
    circuit = CircuitBreaker(POLICY)
    for _ in range(3):
        circuit.ended(NotConnected("refused"), now)
    return circuit


def test_it_opens_after_failures_in_a_row():
    circuit = CircuitBreaker(POLICY)
    circuit.ended(Lost("reset"), 0)
    circuit.ended(Answered(503), 0)
    assert circuit.allows(0)
    circuit.ended(NotConnected("refused"), 0)
    assert circuit.state is CircuitState.OPEN
    assert not circuit.allows(0.9)


def test_any_answer_below_500_in_between_shows_that_the_destination_is_up():
    circuit = CircuitBreaker(POLICY)
    for outcome in (Answered(503), Answered(503), Answered(429), Answered(503), Answered(503)):
        circuit.ended(outcome, 0)
    assert circuit.state is CircuitState.CLOSED


def test_one_message_probes_and_its_success_closes_the_circuit():
    circuit = opened()
    assert circuit.allows(1)
    circuit.sent()
    assert not circuit.allows(1)
    circuit.ended(Answered(200), 1.1)
    assert circuit.allows(1.1)


def test_probes_come_ever_later_up_to_a_bound():
    circuit, now, waits = opened(), 0.0, []
    for _ in range(4):
        waits.append(circuit.probe_at - now)
        now = circuit.probe_at
        circuit.sent()
        circuit.ended(NotConnected("refused"), now)
    assert waits == [1, 2, 4, 4]


def test_answers_to_calls_sent_before_it_opened_do_not_move_the_probe():
    circuit = opened()
    circuit.ended(Lost("reset"), 0.5)
    assert circuit.probe_at == 1


def test_it_gives_up_on_a_destination_that_stays_down():
    circuit = opened()
    assert not circuit.gave_up(99.9)
    assert circuit.gave_up(100)


def test_the_last_probe_comes_when_it_is_about_to_give_up():
    circuit, now, probes = opened(), 0.0, []
    while not circuit.gave_up(now):
        now = circuit.probe_at
        circuit.sent()
        circuit.ended(NotConnected("refused"), now)
        probes.append(now)
    assert probes[-3:] == [95, 99, 100]


def test_a_policy_without_a_circuit_never_opens_it():
    circuit = CircuitBreaker(None)
    for _ in range(100):
        circuit.ended(NotConnected("refused"), 0)
    assert circuit.allows(0)
    assert not circuit.gave_up(1e9)

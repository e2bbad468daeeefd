"""A load test in small: messages posted one after the other, each call measured."""

from collections.abc import Mapping, Sequence

import requests

from contracts.clock import RealClock
from loadtests.measuring.call import NO_ANSWER, Call
from loadtests.measuring.measurements import Measurements
from loadtests.reconciling.balance import BalanceLine, SeenCalls, balance
from loadtests.reconciling.journal_facts import JournalFacts
from loadtests.reconciling.mocks import Mock, find_mock
from loadtests.reconciling.reading import MOST_ROWS, RunToRead, read_journal
from loadtests.trace_ids import TraceIds

PATIENCE_SECONDS = 60.0  # only a test that fails waits so long
GAP_US = 1_000
EVENT = '{"identityMap": {"Email": [{"id": "dave@example.com"}]}}'


class SmallLoad:
    """A generator of calls to one mock; a context manager that closes its connections.

    Args:
        trigger_url: the workflow's.
        headers: the credential.
        messages: how many messages the workload has; number n is due after n milliseconds.
        run_id: tells the run from others.
        warm_up: how many messages are in the warm-up.
    """

    def __init__(
        self,
        trigger_url: str,
        headers: Mapping[str, str],
        messages: int,
        run_id: str = "small",
        warm_up: int = 0,
    ) -> None:
        mock = find_mock(trigger_url)
        assert mock is not None
        self.mock: Mock = mock
        self._url = trigger_url
        self._headers = {"Content-Type": "application/json", **headers}
        self._traces = TraceIds(run_id)
        self._warm_up_us = warm_up * GAP_US
        self._attempts = [0] * messages
        self.seen = Measurements(1.0, self._warm_up_us)
        self._clock = RealClock()
        self._session = requests.Session()
        self._session.trust_env = False
        self._totals_before = mock.control.totals(mock.tenant_id)
        self._begun_at = self._clock.now()
        self._began = self._clock.monotonic()

    def __enter__(self) -> "SmallLoad":
        return self

    def __exit__(self, *_: object) -> None:
        self._session.close()
        self.mock.control.close()

    def send(self, *numbers: int, ending: str = "", **headers: str) -> None:
        """Try each message once; one that is not answered 2xx is tried again unless told."""
        for number in numbers:
            self._attempts[number] += 1
            sent_us = self._now_us()
            status = self._posted(number, headers)
            delivered = "delivered" if 200 <= status < 300 else ending
            call = Call(
                number,
                self._attempts[number],
                min(number * GAP_US, sent_us),
                sent_us,
                self._now_us(),
                status,
                delivered,
            )
            self.seen.add(call)

    def settle(self, **counts: int) -> None:
        """Wait until the mock's totals are at least these."""
        control = self.mock.control
        control.wait(self.mock.tenant_id, timeout_seconds=PATIENCE_SECONDS, **counts)

    def facts(self, most_rows: int = MOST_ROWS, sent: Sequence[int] | None = None) -> JournalFacts:
        """Return what the journal says of it."""
        run = RunToRead(
            traces=self._traces,
            arrivals_us=[number * GAP_US for number in range(len(self._attempts))],
            begun_at=self._begun_at,
            totals_before=self._totals_before,
            sent_by_share=sent,
            warm_up_us=self._warm_up_us,
        )
        return read_journal(self.mock, run, most_rows)

    def balance(self, facts: JournalFacts) -> tuple[BalanceLine, ...]:
        """Return both sides of each count."""
        return balance(facts, SeenCalls.of(self.seen))

    def _posted(self, number: int, headers: Mapping[str, str]) -> int:
        try:
            answer = self._session.post(
                self._url,
                data=EVENT,
                headers={**self._headers, "X-Trace-Id": self._traces.of(number), **headers},
                timeout=PATIENCE_SECONDS,
                allow_redirects=False,
            )
        except requests.RequestException:
            return NO_ANSWER
        return answer.status_code

    def _now_us(self) -> int:
        return int((self._clock.monotonic() - self._began) * 1_000_000)

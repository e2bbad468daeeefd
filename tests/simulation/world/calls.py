"""One call on its way from the sender to the mock and back, and how it ended."""

import base64
from dataclasses import dataclass

from contracts.secret import Secret
from mock_qualtrics.model import Answer
from sender.outbox.records import StoredMessage
from sender.transport.outcomes import Answered, Lost, Outcome


@dataclass(slots=True, eq=False)
class SentCall:
    """One call of the sender, or one hop of it where a redirect is followed.

    Attributes:
        message: the message, with the attempt's number.
        url: the URL that it is posted to.
        sent_us: when it was sent, in microseconds after the start.
        headers: as the mock gets them.
        arrived_us: when the mock got it; None: it did not.
        call_number: its number in the mock's journal; 0: it has none.
        status: the status that the mock decided on; None: it decided on none.
        ended_us: when the sender was told how it ended; None: it was not.
        outcome: how it ended for the sender; None: the sender was not told.
        hops: how many redirects were followed before.
        is_at_mock: whether the mock has it and has not answered it.
        is_wanted: whether the sender still waits for the answer.
    """

    message: StoredMessage
    url: str
    sent_us: int
    headers: tuple[tuple[str, str], ...] = ()
    arrived_us: int | None = None
    call_number: int = 0
    status: int | None = None
    ended_us: int | None = None
    outcome: Outcome | None = None
    hops: int = 0
    is_at_mock: bool = False
    is_wanted: bool = True

    @property
    def name(self) -> str:
        """The call as a trace shows it."""
        return f"message {self.message.seq} try {self.message.attempts}"


@dataclass(slots=True)
class Reply:
    """What comes back over the connection.

    Attributes:
        answer: the answer, of which a part may be missing; None: the connection broke, or none was
            made.
        is_whole: whether the body is complete.
        broken: why there is no answer.
        connected: whether a connection was made.
        body_us: how long the body takes after the head.
    """

    answer: Answer | None = None
    is_whole: bool = True
    broken: str = ""
    connected: bool = True
    body_us: int = 0


def shows_token(call: SentCall, username: str, token: Secret) -> bool:
    """Return whether a call shows this token, in the way in which the sender does (Q-AUTH-1)."""
    pair = base64.b64encode(f"{username}:{token.reveal()}".encode()).decode()
    return ("authorization", f"Basic {pair}") in call.headers


def asked_us(outcome: Outcome) -> int:
    """Return how long an answer asks to wait, in microseconds; 0: it does not ask."""
    asked = outcome.retry_after if isinstance(outcome, Answered) else None
    return int(asked) * 1_000_000 if asked is not None and asked.isdigit() else 0


def told(outcome: Outcome) -> str:
    """Return an outcome as a trace shows it."""
    if isinstance(outcome, Answered):
        asks = f", retry after {outcome.retry_after}" if outcome.retry_after is not None else ""
        return f"{outcome.status}{asks}"
    kind = "lost" if isinstance(outcome, Lost) else type(outcome).__name__
    return f"{kind}: {outcome.reason}"

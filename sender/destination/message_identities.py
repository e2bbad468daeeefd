"""Finds whom a message is about, after the outbox has deleted its body."""

from collections.abc import Callable, Sequence

from sender.destination.mock_journal import MockJournal
from sender.destination.received_calls import ReceivedCall
from sender.mapping.message_identity import identity_in
from sender.outbox.records import Trace

MOST_ASKED = 1_000


class MessageIdentities:
    """Find identities: in the outbox, else in the mock's runs, else by asking for the call.

    Asking takes a call of the control API for each message, so only the first are asked for.

    Args:
        journal: the mock's journal, whose identities are as they may be shown.
        shown: returns an identity of the outbox as it may be shown.
        most_asked: how many calls to ask for at most.

    Attributes:
        not_asked: how many were not asked for because they were too many.
    """

    def __init__(
        self, journal: MockJournal, shown: Callable[[str], str], most_asked: int = MOST_ASKED
    ) -> None:
        self._journal = journal
        self._shown = shown
        self._left = most_asked
        self.not_asked = 0

    def __call__(self, trace: Trace, calls: Sequence[ReceivedCall]) -> str | None:
        """Return whom a message is about; None if neither side knows any more.

        Raises:
            ConfigurationError: the mock cannot be read.
        """
        if (stored := identity_in(trace.body)) is not None:
            return self._shown(stored)
        known = [call.identity for call in calls if call.identity is not None]
        if known or not calls:
            return known[0] if known else None
        if self._left == 0:
            self.not_asked += 1
            return None
        self._left -= 1
        return self._journal.identity_of(calls[0])

"""Where the identity of a message that is not well comes from."""

from contracts.masking import mask_identity
from sender.destination.message_identities import MessageIdentities
from sender.destination.received_calls import ReceivedCall
from sender.outbox.records import Trace

BODY = b'{"identityMap": {"Email": [{"id": "dave@example.com"}]}}'


class AskedJournal:
    """A journal that knows everybody, and counts how often it is asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def identity_of(self, call: ReceivedCall) -> str:
        self.asked.append(call.request_id)
        return "asked"


def test_the_outbox_is_asked_first_then_the_runs_and_then_the_journal_a_bounded_number_of_times():
    journal = AskedJournal()
    identities = MessageIdentities(journal, mask_identity, most_asked=2)
    known, unknown = ReceivedCall("1", identity="r***"), ReceivedCall("2")
    assert identities(Trace("t", 3, 1, 0, BODY), [known]) == "d***@e***.com"
    assert identities(Trace("t", 2, 1, 0), [unknown, known]) == "r***"
    assert identities(Trace("t", 2, 1, 0), []) is None
    assert journal.asked == []
    asked = [identities(Trace("t", 2, 1, 0), [unknown]) for _ in range(5)]
    assert asked == ["asked", "asked", None, None, None]
    assert (journal.asked, identities.not_asked) == (["2", "2"], 3)

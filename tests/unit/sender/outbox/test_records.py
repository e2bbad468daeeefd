"""What an outbox's records show of themselves."""

from sender.outbox.records import StoredMessage


def test_a_message_shows_no_body():
    assert "Dave" not in repr(StoredMessage(1, "t", b'{"firstName": "Dave"}'))

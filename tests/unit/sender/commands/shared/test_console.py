"""When an outage is told on the terminal."""

from sender import ADOBE_BEST_EFFORT, LOSSLESS, events
from sender.commands.shared.console import OutageNotice


def test_an_outage_is_told_once_until_it_ends():
    lines = []
    notice = OutageNotice(lines.append, LOSSLESS, "RESUME")
    opened, closed = events.CircuitOpened("refused", 1.0), events.CircuitClosed()
    for event in (opened, opened, closed, opened):
        notice(event)
    sentence = (
        "the destination is down: refused; trying again for up to 24 h; "
        "Ctrl-C keeps everything, go on with: RESUME"
    )
    assert lines == [sentence, sentence]


def test_an_outage_is_told_when_one_message_found_no_connection_again_and_again():
    lines = []
    lossless, best_effort = (
        OutageNotice(lines.append, policy, "RESUME") for policy in (LOSSLESS, ADOBE_BEST_EFFORT)
    )
    for attempt in range(1, 9):
        for notice in (lossless, best_effort):
            notice(events.AttemptEnded("t", attempt, None, 0.1, "not connected"))
            notice(events.AttemptEnded("u", attempt, 500, 0.1, "answered"))
        assert len(lines) == (attempt >= 4)
    lossless(events.MessageActivated("t", 9))
    lossless(events.AttemptEnded("v", 4, None, 0.1, "not connected"))
    assert len(lines) == 2

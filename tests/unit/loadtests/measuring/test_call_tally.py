from loadtests.measuring.call import NO_ANSWER, Call
from loadtests.measuring.call_tally import Tally

SECOND = 1_000_000


def tallied(*calls: Call):
    tally = Tally()
    for call in calls:
        tally.count(call)
    return tally


def test_retries_are_calls_of_the_same_message():
    tally = tallied(
        Call(0, 1, 0, 10, 1_000, 503, ""),
        Call(0, 2, SECOND, SECOND + 30, SECOND + 2_000, 202, "delivered"),
    )
    assert (tally.calls, tally.messages, tally.delivered, tally.errors) == (2, 1, 1, 1)
    assert tally.by_status == {503: 1, 202: 1}
    assert sorted(tally.latency.counts) == [1_000, 2_000]
    assert sorted(tally.lateness.counts) == [10, 30]


def test_each_way_to_end_is_told_apart():
    tally = tallied(
        Call(0, 1, 0, 0, 9, 202, "delivered"),
        Call(1, 1, 0, 0, 9, 429, "dropped"),
        Call(2, 1, 0, 0, 9, 413, "dropped"),
        Call(3, 1, 0, 0, 9, NO_ANSWER, "uncertain"),
        Call(4, 1, 0, 0, 9, 503, ""),
    )
    assert (tally.delivered, tally.dropped, tally.uncertain, tally.ended) == (1, 2, 1, 4)
    assert tally.dropped_by_status == {429: 1, 413: 1}


def test_its_seconds_are_from_the_first_due_call_to_the_last_answer():
    tally = tallied(
        Call(1, 1, 3 * SECOND, 3 * SECOND, 4 * SECOND, 202, "delivered"),
        Call(0, 1, SECOND, SECOND, 6 * SECOND, NO_ANSWER, "uncertain"),
        Call(2, 1, 4 * SECOND, 4 * SECOND, 5 * SECOND, 202, "delivered"),
    )
    assert tally.seconds == 5.0


def test_without_calls_it_took_no_time():
    assert Tally().seconds == 0.0


def test_a_tally_that_was_packed_is_the_same():
    tally = tallied(Call(0, 1, 5, 6, 7, 202, "delivered"), Call(1, 1, 5, 6, 9, 404, "dropped"))
    assert Tally.unpacked(tally.packed()).packed() == tally.packed()

from loadtests.measuring.timeline import MOST_BINS, Timeline

SECOND = 1_000_000


def arrivals(timeline):
    return [each.arrivals for each in timeline.filled()]


def test_what_happened_is_in_the_bin_of_its_moment():
    timeline = Timeline(SECOND)
    timeline.at(0).arrivals += 1
    timeline.at(SECOND - 1).arrivals += 1
    timeline.at(2 * SECOND).arrivals += 1
    assert arrivals(timeline) == [2, 0, 1]


def test_an_empty_timeline_has_no_bins():
    assert (Timeline(SECOND).filled(), Timeline(SECOND).backlog()) == ((), ())


def test_a_longer_run_has_wider_bins_and_not_more():
    timeline = Timeline(SECOND)
    for second in range(MOST_BINS + 1):
        timeline.at(second * SECOND).arrivals += 1
    assert timeline.width_us == 2 * SECOND
    assert arrivals(timeline) == [2] * (MOST_BINS // 2) + [1]


def test_a_run_of_days_keeps_everything_in_few_bins():
    timeline = Timeline(SECOND)
    for hour in range(72):
        timeline.at(hour * 3_600 * SECOND).arrivals += 1
    assert sum(arrivals(timeline)) == 72
    assert len(timeline.filled()) <= MOST_BINS


def test_a_timeline_whose_bins_became_wider_merges_with_one_whose_did_not():
    early, late = Timeline(SECOND), Timeline(SECOND)
    early.at(SECOND).arrivals += 1
    late.at(4 * MOST_BINS * SECOND - 1).arrivals += 1
    for first, second in ((early, late), (late, early)):
        merged = Timeline(SECOND)
        merged.merge(Timeline.unpacked(first.packed()))
        merged.merge(Timeline.unpacked(second.packed()))
        assert merged.width_us == 4 * SECOND
        assert [*merged.bins] != []
        assert arrivals(merged) == [1] + [0] * (MOST_BINS - 2) + [1]


def test_the_backlog_is_what_was_due_and_is_not_answered():
    timeline = Timeline(SECOND)
    for due, answered in ((0, 0), (1, 3 * SECOND), (2 * SECOND, 3 * SECOND)):
        timeline.at(due).count_due(1, answered - due)
        timeline.at(answered).count_answer(202)
    assert timeline.backlog() == (1, 1, 2, 0)


def test_latency_stands_where_its_call_was_due():
    timeline = Timeline(SECOND)
    timeline.at(0).count_due(2, 5 * SECOND)
    assert timeline.at(0).latency.total == 1
    assert (timeline.at(0).arrivals, timeline.at(0).due) == (0, 1)

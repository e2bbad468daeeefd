"""An event stream whose server is killed and started again on the same store."""

from support import start_mock
from support.event_stream import EventStream


def test_after_a_kill_a_caller_is_told_at_once_what_it_missed_and_nothing_else(tmp_path):
    flags = ("--store", f"sqlite:///{tmp_path / 'store.sqlite'}")
    with start_mock(*flags) as mock:
        with EventStream(mock.url) as stream:
            before = stream.next().id
            mock.post_event()
            mock.wait(succeeded=1)
            after = stream.until(succeeded=1).id
        mock.process.kill()
        mock.process.wait()
    with start_mock(*flags) as mock:
        with EventStream(mock.url, Last_Event_ID=before) as stream:
            missed = stream.next()
        assert (missed.id, missed.data["new"]["calls"]) == (after, 1)
        with EventStream(mock.url, Last_Event_ID=after) as stream:
            assert stream.lines() == ["retry: 1000"]
            mock.post_event()
            assert stream.next().data["new"]["calls"] == 1

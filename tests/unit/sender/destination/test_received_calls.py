"""The copy of a mock's calls and runs."""

from sender.destination.received_calls import ReceivedCall, ReceivedCalls


def test_calls_are_found_by_trace_id_newest_first_with_their_runs():
    with ReceivedCalls() as received:
        calls = [ReceivedCall("2", 202, None, "RUN_2"), ReceivedCall("1", 404, "workflow-disabled")]
        received.add_calls((("t", calls[0]), ("t", calls[1]), (None, ReceivedCall("0", 202))))
        received.add_runs([ReceivedCall("2", run_id="RUN_2", outcome="pending")])
        received.add_runs([ReceivedCall("2", run_id="RUN_2", outcome="failed", error="why")])
        received.index()
        assert received.of("t") == [
            ReceivedCall("2", 202, None, "RUN_2", "failed", "why"),
            ReceivedCall("1", 404, "workflow-disabled"),
        ]
        assert received.of("unknown") == []
        assert received.accepted() == 2


def test_a_call_with_several_runs_stands_for_each():
    with ReceivedCalls() as received:
        received.add_calls([("t", ReceivedCall("1", 202, None, "RUN_1"))])
        received.add_runs(ReceivedCall("1", run_id=run) for run in ("RUN_1", "RUN_2"))
        received.index()
        found = received.of("t")
        assert [(call.run_id, call.outcome) for call in found] == [("RUN_1", None), ("RUN_2", None)]
        assert received.accepted() == 1, "the call counts once"


def test_findings_are_kept_in_order_and_those_that_disagree_are_told_apart():
    with ReceivedCalls() as received:
        received.keep_findings([(False, "a"), (True, "b"), (False, "c")])
        assert list(received.findings()) == ["a", "b", "c"]
        assert list(received.findings(disagreeing_only=True)) == ["b"]

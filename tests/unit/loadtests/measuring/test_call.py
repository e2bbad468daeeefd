from loadtests.measuring.call import Call


def test_latency_counts_from_when_a_call_was_due() -> None:
    call = Call(0, 1, 1_000, 1_400, 2_000, 202, "delivered")
    assert (call.latency_us, call.lateness_us) == (1_000, 400)

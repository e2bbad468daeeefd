"""Which of a start's flags a kept store follows, and what may be assumed otherwise."""


def test_a_restart_with_another_limit_follows_the_new_flag(serve, tmp_path):
    store = ("--store", f"sqlite:///{tmp_path}/mock.db")
    first = serve(*store, "--calls-per-minute", "1")
    assert [first.post_event().status_code for _ in range(2)] == [200, 429]
    first.stop()
    again = serve(*store, "--calls-per-minute", "3000")
    assert again.tenant["apiToken"] == first.tenant["apiToken"]
    assert again.post_event().status_code == 200


def test_what_is_assumed_can_be_assumed_otherwise_on_start(serve):
    served = serve("--assume", "acceptedStatus=202", "--assume", "assumptions.retryAfter=true")
    assert served.post_event().status_code == 202
    assert served.tenant["assumptions"]["retryAfter"] is True

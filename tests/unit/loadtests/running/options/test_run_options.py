import pytest

from loadtests.running.options.run_options import OptionsError, options_of
from support.one_process import parsed


def test_without_any_word_it_is_adobes_backfill() -> None:
    options = options_of(parsed())
    assert (options.workload.kind, options.workload.messages) == ("backfill", 5_000)
    assert options.policy.name == "adobe-best-effort"
    assert options.most_calls == 15_000
    assert (options.users, options.thresholds, options.owns_target) == (100, (), False)


def test_words_become_judged_values() -> None:
    options = options_of(
        parsed(
            *("--workload", "nightly", "--profiles", "10", "--days", "2", "--arrival-rate", "5"),
            *("--retry-after", "1,2,3", "--threshold", "lost==0", "--threshold", "p95_ms<9"),
            *("--warm-up-seconds", "4", "--report", "r.html"),
        )
    )
    assert options.workload.messages == 20
    assert options.retry_seconds == (1.0, 2.0, 3.0)
    assert [each.text for each in options.thresholds] == ["lost==0", "p95_ms<9"]
    assert (options.warm_up_seconds, options.reports) == (4.0, {"--report": "r.html"})


@pytest.mark.parametrize(
    "asked", ["lost==0, p95_ms<9", ["lost==0", " p95_ms<9"], ["lost==0,p95_ms<9", ""]]
)
def test_thresholds_of_locusts_page_are_one_text(asked) -> None:
    options = parsed()
    options.threshold = asked
    assert [each.text for each in options_of(options).thresholds] == ["lost==0", "p95_ms<9"]
    options.threshold = ""
    assert options_of(options).thresholds == ()


@pytest.mark.parametrize("users", [0, -5])
def test_no_user_could_send_nothing(users) -> None:
    options = parsed()
    options.num_users = users
    with pytest.raises(OptionsError, match=f"--users: found {users}, expected 1 or more"):
        options_of(options)


def test_a_file_of_arrivals_is_a_workload_of_its_own(tmp_path) -> None:
    file = tmp_path / "arrivals"
    file.write_text("0\n2\n", "utf-8")
    workload = options_of(parsed("--arrivals", str(file))).workload
    assert (workload.kind, workload.messages, workload.last_arrival_us) == (
        "recorded",
        2,
        2_000_000,
    )


@pytest.mark.parametrize(
    ("words", "error"),
    [
        (["--workload", "recorded"], "found no --arrivals"),
        (["--arrivals", "/none"], "cannot be read"),
        (["--profiles", "0"], "profiles: found 0"),
        (["--policy", "none", "--retry-after", "1"], "--policy none makes no retries"),
        (["--retry-after", "soon"], "--retry-after: found 'soon'"),
        (["--retry-after", "2,1"], "retry after: found 1 after 2"),
        (["--threshold", "lost"], "--threshold: found 'lost'"),
        (["--warm-up-seconds", "-1"], "--warm-up-seconds: found -1"),
        (["--settle-seconds", "nan"], "--settle-seconds: found nan"),
        (["--generator-late-ms", "0"], "--generator-late-ms: found 0"),
        (["--dataflow", "/none"], "/none: cannot be read"),
    ],
)
def test_what_cannot_be_used_is_one_error(words, error) -> None:
    with pytest.raises(OptionsError, match=error):
        options_of(parsed(*words))

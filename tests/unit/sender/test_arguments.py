"""Each argument of the public classes is judged where it is given, and changes nothing if wrong."""

import io
import math
from pathlib import Path

import pytest

from sender import ADOBE_BEST_EFFORT, LOSSLESS, ConfigurationError, Dataflow, Exporter
from sender.arguments import check_share, check_workers
from sender.profiles import ProfileSource

FLOW = Dataflow.from_mapping(
    {
        "name": "Survey",
        "url": "http://127.0.0.1:9/inbound-event/v1/events/json/triggers?urlTokenId=x",
        "username": "dave#brand",
        "identities": [{"source": "Email", "target": "email"}],
    }
)


@pytest.mark.parametrize(
    ("argument", "value", "says"),
    [
        ("workers", 1.5, "workers: found 1.5, expected a whole number, 1 to 1,000"),
        ("workers", True, "workers: found True, expected a whole number"),
        ("workers", "2", "workers: found '2', expected a whole number"),
        ("workers", 0, "workers: found 0, expected at least 1"),
        ("workers", 1_001, "workers: found 1001, expected at most 1,000"),
        ("policy", 5, "policy: found 5, expected one of sender.policies, or its name"),
        ("token", b"PLACEHOLDER", "token: found a value of class bytes, expected a text or None"),
        ("outbox", 5, "outbox: found 5, expected a file's path, an opened Outbox, or None"),
        (
            "transport",
            5,
            "transport: found a value of class int without slots, submit, completed, close",
        ),
        ("clock", 5, "clock: found a value of class int without now, monotonic"),
        ("rng", 5, "rng: found 5, expected a random.Random or None"),
        ("alert_below", 2, "alert_below: found 2, expected a number, 0 to 1"),
        ("alert_below", "0.5", "alert_below: found '0.5', expected a number, 0 to 1"),
        ("skip_rate_above", math.nan, "skip_rate_above: found nan, expected a number, 0 to 1"),
        ("skip_rate_above", None, "skip_rate_above: found None, expected a number, 0 to 1"),
        ("subscribers", print, "subscribers: found a value of class builtin_function_or_method"),
        ("subscribers", [print, 5], "subscribers: found a value of class int"),
        ("calls_per_minute", "60", "calls per minute: found '60'"),
        ("dataflow", {}, "dataflow: found a value of class dict, expected a sender.Dataflow"),
    ],
)
def test_an_argument_of_the_exporter_is_judged(tmp_path, argument, value, says):
    arguments = {"dataflow": FLOW, "token": "PLACEHOLDER", "outbox": tmp_path / "o.sqlite"}
    with pytest.raises(ConfigurationError) as raised:
        Exporter(**{**arguments, argument: value})
    assert str(raised.value).startswith(says)
    assert list(tmp_path.iterdir()) == []


def test_subscribers_that_could_be_read_once_only_are_refused_and_not_lost():
    with pytest.raises(ConfigurationError, match="subscribers: found a value of class generator"):
        Exporter(FLOW, token="PLACEHOLDER", subscribers=(print for _ in range(1)))


def test_what_the_exporter_takes_is_taken():
    for share in (0, 0.5, 1):
        check_share("alert_below", share)
    for workers in (None, 1, 1_000):
        check_workers(workers)


@pytest.mark.parametrize("seconds", ["15,30", 5, None, [True], ["15"], [math.nan], [30.0, 15.0]])
def test_a_schedule_of_retries_is_judged(seconds):
    with pytest.raises(ConfigurationError, match=r"^retry after: found"):
        ADOBE_BEST_EFFORT.retrying_after(seconds)


@pytest.mark.parametrize("seconds", [0, -1.0, math.nan, math.inf, "60", True, None])
def test_a_time_to_give_up_is_judged(seconds):
    with pytest.raises(ConfigurationError, match=r"^give up after: found"):
        LOSSLESS.giving_up_after(seconds)


@pytest.mark.parametrize(
    ("sources", "more", "says"),
    [
        ("p.csv", {}, "sources: found one name, expected a list of names"),
        (Path("p.csv"), {}, "sources: found one name, expected a list of names"),
        (["-"], {"format_name": "xml"}, "format: found 'xml', expected one of jsonl, csv, parquet"),
        (["-"], {"format_name": "csv", "delimiter": "::"}, "delimiter: found '::', expected one"),
    ],
)
def test_an_argument_of_a_source_of_profiles_is_judged(sources, more, says):
    with pytest.raises(ConfigurationError) as raised:
        ProfileSource(sources, io.BytesIO(b""), **more)
    assert str(raised.value).startswith(says)

"""How fast an export goes, and when it retries: what the commands take, refuse, keep and tell."""

import json

import pytest

from sender.outbox import Outbox

OUTBOX = ("--outbox", "d.outbox.sqlite")
ADOBE = ("--policy", "adobe-best-effort")


@pytest.fixture
def paced(run):
    return lambda *more: run("export", "--dataflow", "d.toml", "p.jsonl", *more)


def kept(folder, policy):
    with Outbox(folder / "d.outbox.sqlite", writable=False) as outbox:
        return outbox.binding.delivery(policy)


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ((*ADOBE, "--calls-per-minute", "3000"), "adapts to 429, which Adobe never does"),
        ((*ADOBE, "--calls-per-day", "10"), "Adobe does not stop"),
        (("--offered-rate", "20"), "so that nothing is lost"),
        (("--retry-after", "15,30"), "takes no schedule"),
        ((*ADOBE, "--offered-rate", "0"), "positive"),
        ((*ADOBE, "--offered-rate", "fast"), "positive"),
        (("--calls-per-day", "0.5"), "whole number"),
        (("--calls-per-day", "none"), "positive"),
        ((*ADOBE, "--retry-after", "30,15"), "greater than the one before"),
        ((*ADOBE, "--retry-after", "15,15"), "greater than the one before"),
        ((*ADOBE, "--retry-after", "0"), "positive"),
        ((*ADOBE, "--retry-after", "15,inf"), "finite"),
        ((*ADOBE, "--retry-after", "15,nan"), "finite"),
        ((*ADOBE, "--retry-after", "15,"), "no list of seconds"),
        ((*ADOBE, "--retry-after", "soon"), "no list of seconds"),
    ],
)
def test_a_pace_that_does_not_fit_its_policy_is_refused_before_anything_is_sent(
    paced, server, folder, options, says
):
    shown = paced(*options)
    assert (shown.exit_code, server.seen) == (2, [])
    assert says in " ".join(shown.stderr.split())
    assert not (folder / "d.outbox.sqlite").exists()


@pytest.mark.parametrize("transport", ["requests", "fast"])
def test_the_report_says_the_offered_and_the_reached_rate(paced, run, folder, transport):
    shown = paced(*ADOBE, "--offered-rate", "500", "--transport", transport, "--html", "r.html")
    assert shown.exit_code == 0
    for text in (shown.stdout, run("status", *OUTBOX).stdout, (folder / "r.html").read_text()):
        assert "Offered rate" in text
        assert "500/s" in text
        assert "Reached rate" in text
    report = json.loads(run("status", *OUTBOX, "--json").stdout)
    assert report["offeredRatePerSecond"] == 500
    assert report["reachedRatePerSecond"] > 0
    assert "has no offered rate" not in shown.stderr


def test_without_an_offered_rate_a_warning_says_what_that_means(paced):
    shown = paced(*ADOBE)
    assert "warning: policy adobe-best-effort has no offered rate" in shown.stderr
    assert "--offered-rate PER_SECOND" in shown.stderr
    assert "as fast as this machine could" in shown.stdout
    assert "no offered rate" not in paced().stderr


def test_resume_and_replay_go_on_at_the_pace_that_the_outbox_keeps(paced, run, server, kit, folder):
    schedule = {"retryAfter": [0.01, 0.02, 0.03], "offeredRate": 500.0}
    server.always(kit.refusal(503))
    paced(*ADOBE, "--offered-rate", "500", "--retry-after", "0.01,0.02,0.03")
    assert len(server.seen) == 3 * 4
    for command in (("resume", *OUTBOX), ("replay", *OUTBOX)):
        shown = run(*command, "--json")
        assert json.loads(shown.stdout)["offeredRatePerSecond"] == 500
        assert kept(folder, "adobe-best-effort").items() >= schedule.items()
    assert len(server.seen) == 3 * 8
    server.always(kit.answer())
    lossless = run("replay", *OUTBOX, "--policy", "lossless", "--json")
    assert "offeredRatePerSecond" not in json.loads(lossless.stdout)
    assert kept(folder, "adobe-best-effort").items() >= schedule.items()


def test_resume_takes_another_pace_when_told_to(paced, run, folder):
    paced(*ADOBE, "--offered-rate", "500", "--retry-after", "0.01")
    run("resume", *OUTBOX, "--offered-rate", "unlimited", "--retry-after", "0.02,0.04")
    options = kept(folder, "adobe-best-effort")
    assert (options["offeredRate"], options["retryAfter"]) == (None, [0.02, 0.04])


def stopped_because(folder, reason):
    with Outbox(folder / "d.outbox.sqlite") as outbox:
        outbox.runs.end(outbox.runs.last().id, reason)


def test_nothing_says_when_an_export_ends_that_to_resume_does_not_help(paced, run, server, kit):
    for status in (401, 404):
        server.always(kit.refusal(status))
        shown = paced()
        assert shown.exit_code == 1
        for text in (shown.stdout, run("status", *OUTBOX).stdout):
            assert "Expected end" not in text
            assert "remove the cause of the stop, then resume to send them" in text
        assert json.loads(run("status", *OUTBOX, "--json").stdout)["expectedEnd"] is None


@pytest.mark.parametrize("reason", [None, "the destination is down: no connection"])
def test_status_says_when_a_stopped_export_would_end(paced, run, server, kit, folder, reason):
    kit.write(folder / "p.jsonl", kit.profiles(300))
    server.always(kit.refusal(401))
    paced("--calls-per-minute", "60", "--calls-per-day", "100")
    stopped_because(folder, reason)
    end = json.loads(run("status", *OUTBOX, "--json").stdout)["expectedEnd"]
    assert (end["callsPerMinute"], end["callsPerDay"]) == (60, 100)
    assert 0 <= end["callsLeft"] < 100
    assert 250 <= end["messagesLeft"] <= 310
    shown = run("status", *OUTBOX).stdout
    assert "Expected end" in shown
    assert "if resumed now: about" in shown


def test_the_calls_per_minute_are_kept_for_resume_as_status_says(paced, run, server, kit, folder):
    server.always(kit.refusal(401))
    paced("--calls-per-minute", "6000")
    stopped_because(folder, None)
    server.always(kit.answer())
    end = json.loads(run("status", *OUTBOX, "--json").stdout)["expectedEnd"]
    run("resume", *OUTBOX)
    assert kept(folder, "lossless")["callsPerMinute"] == end["callsPerMinute"] == 6_000
    run("replay", *OUTBOX, "--calls-per-minute", "unlimited")
    assert kept(folder, "lossless")["callsPerMinute"] is None


def test_the_calls_per_day_are_kept_for_resume_and_are_the_destination_s_by_default(
    paced, run, folder
):
    paced("--calls-per-day", "40")
    assert kept(folder, "lossless")["callsPerDay"] == 40
    run("resume", *OUTBOX)
    assert kept(folder, "lossless")["callsPerDay"] == 40
    run("resume", *OUTBOX, "--calls-per-day", "unlimited")
    assert kept(folder, "lossless")["callsPerDay"] is None
    paced()
    assert kept(folder, "lossless")["callsPerDay"] == 300_000

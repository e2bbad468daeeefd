import pytest

from loadtests.verdicts import Judged, Threshold, Verdict, VerdictKind, verdict_of

MET = Judged(Threshold.parse("lost<5"), 1)
MISSED = Judged(Threshold.parse("lost==0"), 1)
WELL = {"failures": (), "generator": (), "interrupted": False, "judged": (), "lost": 0}


@pytest.mark.parametrize(
    ("found", "kind", "exit_code"),
    [
        ({}, "passed", 0),
        ({"lost": 1}, "failed", 1),
        ({"judged": (MET,), "lost": 1}, "passed", 0),
        ({"judged": (MET, MISSED)}, "missed", 4),
        ({"judged": (MISSED,), "interrupted": True}, "interrupted", 3),
        (
            {"generator": ("late",), "judged": (MISSED,), "interrupted": True},
            "generator-limited",
            5,
        ),
        ({"failures": ("lost a worker",), "generator": ("late",)}, "broken", 5),
    ],
)
def test_the_verdict_that_says_least_of_the_target_goes_first(found, kind, exit_code) -> None:
    verdict = verdict_of(**{**WELL, **found})
    assert (verdict.kind, verdict.exit_code) == (kind, exit_code)


def test_a_verdict_says_why() -> None:
    verdict = verdict_of(**{**WELL, "judged": (MET, MISSED)})
    assert verdict == Verdict(VerdictKind.MISSED, ("lost==0: missed, found 1",))

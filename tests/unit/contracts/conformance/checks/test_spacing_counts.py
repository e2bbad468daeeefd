"""Each count of calls that is out of bounds is told with how these calls were answered."""

from contracts.conformance.catalogue import catalogue
from contracts.conformance.checks.spacing import check_counts
from support.recordings import call, message, recorded

ADA = message("ada")


def said(name: str, *calls: object) -> list[str]:
    return list(check_counts(catalogue()[name], recorded(calls, [ADA])))


def test_too_many_calls_of_one_message_are_told_with_their_answers():
    calls = [call(ADA, 404, reason="workflow-draft") for _ in range(3)]
    assert said("draft-workflow", *calls, call(ADA, None, faults=("hang",))) == [
        (
            "4 calls of the message of a***@e***.com, expected at most 1; answered 3 × 404 (the "
            "workflow is a draft), no answer (never answered)"
        )
    ]


def test_calls_after_a_refusal_are_told_with_that_refusal():
    calls = [call(ADA, 401, reason="wrong-credential") for _ in range(34)]
    assert said("wrong-token", *calls)[-1] == (
        "33 calls came after the first refusal, expected at most 32; it was answered 401 (not the "
        "tenant's credential)"
    )

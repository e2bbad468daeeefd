"""Whether the command ended as it should."""

from collections.abc import Iterator

from contracts.conformance.checks.answers import (
    answer,
    first_refused,
    first_undelivered,
    history,
)
from contracts.conformance.recording import Ending, Recording, Stopped
from contracts.conformance.scenario import Scenario
from contracts.masking import mask_identity


def check_ending(scenario: Scenario, recording: Recording) -> Iterator[str]:
    """Yield how the command ended, where it should have ended otherwise."""
    ending = recording.ending
    if ending.stopped is Stopped.DECIDED:
        return
    wanted = _wanted(scenario, recording)
    if ending.exit_code is None:
        yield _not_ended(ending, scenario)
    elif wanted == "success" and ending.exit_code != 0:
        yield f"it {_shown(ending)}, expected {_success(ending)}: all could be delivered"
    elif wanted == "failure" and ending.exit_code == 0:
        yield f"it {_shown(ending)}, expected {_failure(ending)}{_lost(recording)}"
    if ending.left_behind:
        yield (
            f"it left {ending.left_behind} of its processes behind, which were killed; expected it "
            "to end after everything that it had started"
        )


def _wanted(scenario: Scenario, recording: Recording) -> str:
    if scenario.expect.exit != "as-delivered":
        return scenario.expect.exit
    return "success" if first_undelivered(recording) is None else "failure"


def _not_ended(ending: Ending, scenario: Scenario) -> str:
    said = f"it had not ended after {ending.seconds:.1f} s, and was stopped"
    if not ending.is_function:
        return f"{said}; --timeout-seconds gives it more time"
    if ending.seconds > scenario.timeout_seconds:
        return f"{said}: it slept that long by the clock that it is given"
    return f"{said}: waits by the clock that it is given take none of this time"


def _lost(recording: Recording) -> str:
    """Return why it was no success: the first message that was not delivered, or that call."""
    if (identity := first_undelivered(recording)) is not None:
        whose = f"that of {mask_identity(identity)}, {history(recording, identity)}"
        return f": not all was delivered; the first message is {whose}"
    refused = first_refused(recording.triggers())
    if refused is None:
        return ""
    return f": a call was refused for good; request {refused.request_id}: {answer(refused)}"


def _shown(ending: Ending) -> str:
    code = ending.exit_code or 0
    if ending.how is not None:
        return ending.how
    return f"ended with exit code {code}" if code >= 0 else f"ended with signal {-code}"


def _success(ending: Ending) -> str:
    return "it to return" if ending.is_function else "exit code 0"


def _failure(ending: Ending) -> str:
    return "it to raise, or to return False" if ending.is_function else "another one"

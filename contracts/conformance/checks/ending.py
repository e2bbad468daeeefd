"""Whether the command ended as it should."""

from collections.abc import Iterator

from contracts.conformance.recording import Ending, Recording, Stopped, identity_of
from contracts.conformance.scenario import Scenario


def check_ending(scenario: Scenario, recording: Recording) -> Iterator[str]:
    """Yield how the command ended, where it should have ended otherwise."""
    ending = recording.ending
    if ending.stopped is Stopped.DECIDED:
        return
    yield from _not_as_wanted(ending, _wanted(scenario, recording))
    if ending.left_behind:
        yield (
            f"it left {ending.left_behind} of its processes behind, which were killed; expected it "
            "to end after everything that it had started"
        )


def _not_as_wanted(ending: Ending, wanted: str) -> Iterator[str]:
    if ending.exit_code is None:
        yield (
            f"it had not ended after {ending.seconds:.1f} s, and was stopped; --timeout-seconds "
            "gives it more time"
        )
    elif wanted == "success" and ending.exit_code != 0:
        yield f"it ended with {_shown(ending)}, expected exit code 0: all could be delivered"
    elif wanted == "failure" and ending.exit_code == 0:
        yield "it ended with exit code 0, expected another one: not all was delivered"


def _wanted(scenario: Scenario, recording: Recording) -> str:
    if scenario.expect.exit != "as-delivered":
        return scenario.expect.exit
    delivered = {call.identity for call in recording.triggers() if call.run_ids}
    is_all = all(identity_of(message) in delivered for message in recording.messages)
    return "success" if is_all else "failure"


def _shown(ending: Ending) -> str:
    code = ending.exit_code or 0
    return f"exit code {code}" if code >= 0 else f"signal {-code}"

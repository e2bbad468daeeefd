"""What happened to a run, step by step, with the time between. Pure."""

from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Any, NamedTuple

from mock_qualtrics.web.pages.run_details.elapsed import between
from mock_qualtrics.web.pages.run_details.reasons import is_blocked

Run = Mapping[str, Any]


class Step(NamedTuple):
    """One step of a run.

    Attributes:
        at: when, on the tenant's clock; None where the journal does not know.
        what: the step, in a few words.
        kind: ``Succeeded``, ``Failed``, ``Pending`` or ``blocked``; "" for any other.
        detail: more about it, not masked; "" for nothing.
        after: the time since the step before, such as ``200 ms``; "" for none.
    """

    at: str | None
    what: str
    kind: str = ""
    detail: str = ""
    after: str = ""


def timeline(run: Run, answer: int | None) -> list[Step]:
    """Return a run's steps, the earliest first.

    Args:
        run: the run as the control API shows it.
        answer: the status that its call was answered with; None when it had no answer.
    """
    steps = [*_before(run, answer), *_started(run), *_after(run)]
    passed = [between(one.at, other.at) for one, other in pairwise(_known(steps))]
    times = iter(["", *passed])
    return [step if step.at is None else step._replace(after=next(times)) for step in steps]


def _known(steps: list[Step]) -> list[Any]:
    return [step for step in steps if step.at is not None]


def _before(run: Run, answer: int | None) -> Iterator[Step]:
    received = run["receivedOn"]
    if run["runNow"]:
        yield Step(received, "Started by Run now")
    else:
        yield Step(received, "Received")
        yield Step(received, "Admitted", "", _answered(answer))
    if is_blocked(run):
        yield Step(run["finishedOn"], "Blocked", "blocked", run["error"])
    else:
        yield Step(received, "Queued", "", "for the delay of its workflow")


def _answered(answer: int | None) -> str:
    return "no answer was sent" if answer is None else f"answered {answer}"


def _started(run: Run) -> Iterator[Step]:
    if run["startedOn"] is None:
        return
    yield Step(run["startedOn"], "Started")
    tries = run.get("tries") or [_only_try(run)]
    counts: Counter[str] = Counter()
    for number, one in enumerate(tries):
        for task in one["tasks"]:
            counts[task["name"]] += 1
            yield _attempt(one["at"], task, counts[task["name"]])
        if number + 1 < len(tries):
            yield Step(one["at"], "Waits for its next try", "Pending")
    for task in run["tasks"]:
        if task["status"] == "Skipped":
            yield Step(tries[-1]["at"], f"Task {task['name']}", "", task["error"] or "skipped")


def _only_try(run: Run) -> Mapping[str, Any]:
    """Return the try of a run that has no list of them: its only one, unless its row is older."""
    tried = [task for task in run["tasks"] if task["attempts"]]
    is_known = all(task["attempts"] == 1 for task in tried)
    return {"at": run["startedOn"] if is_known else None, "tasks": tried}


def _attempt(at: str | None, task: Mapping[str, Any], number: int) -> Step:
    kind = "Failed" if task["error"] else "Succeeded"
    what = f"Task {task['name']}, attempt {number}"
    if at is None:
        what = f"Task {task['name']}, {task['attempts']} attempts"
        return Step(None, what, kind, task["error"] or "an older release did not keep when")
    return Step(at, what, kind, task["error"] or "")


def _after(run: Run) -> Iterator[Step]:
    if run["status"] == "Pending":
        what = "Due" if run["startedOn"] is None else "Next try due"
        yield Step(run["dueOn"], what, "Pending")
    elif not is_blocked(run):
        yield Step(run["finishedOn"], run["status"], run["status"])

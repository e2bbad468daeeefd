"""Why a run is as it is, in one sentence. Pure; what it quotes is not masked yet."""

from collections.abc import Mapping, Sequence
from typing import Any

from mock_qualtrics.clock import format_instant
from mock_qualtrics.model import Microseconds
from mock_qualtrics.runs.attempt import CONDITIONS_NOT_MET
from mock_qualtrics.web.pages.run_details.elapsed import between

Run = Mapping[str, Any]


def reason(run: Run, not_met: str, now: Microseconds) -> str:
    """Return a sentence that begins with the run's status.

    Args:
        run: the run as the control API shows it.
        not_met: what the first condition that is not met found; "" for unknown.
        now: the present instant of its tenant.
    """
    if run["status"] == "Pending":
        return _pending(run, format_instant(now))
    if run["status"] == "Failed":
        return _failed(run)
    if CONDITIONS_NOT_MET in run.get("notes", ()):
        found = f": {not_met}" if not_met else ""
        return f"Succeeded, but no task ran: its conditions were not met{found}"
    return _succeeded(run["tasks"])


def _pending(run: Run, now: str) -> str:
    due = run["dueOn"]
    when = f"in {between(now, due)}, at {due}" if due > now else f"since {due}"
    failures = [task for task in run["tasks"] if task["error"]]
    if not failures:
        return f"Pending: due {when}"
    return f"Pending: {_task_failed(failures[0])}; it is tried again {when}"


def _failed(run: Run) -> str:
    failures = [task for task in run["tasks"] if task["status"] == "Failed"]
    if failures:
        others = f"; {len(failures) - 1} more failed" if failures[1:] else ""
        return f"Failed, because {_task_failed(failures[0])}{others}"
    if run["startedOn"] is not None:
        return f"Failed: {run['error']}"
    if is_blocked(run):
        return f"Blocked by the daily cap (Q-LIM-4): {run['error']}, so it never started"
    return f"Failed to start: {run['error']}"


def is_blocked(run: Run) -> bool:
    """Return whether a run never started because of the daily cap (Q-LIM-4)."""
    return run["startedOn"] is None and (run["error"] or "").startswith("the daily limit of ")


def _task_failed(task: Mapping[str, Any]) -> str:
    count = task["attempts"]
    tries = "" if count == 1 else f" after {count} attempts"
    return f"the task {task['name']} failed{tries}: {task['error']}"


def _succeeded(tasks: Sequence[Mapping[str, Any]]) -> str:
    if not tasks:
        return "Succeeded: its workflow had no task to run"
    ran = "its task ran" if len(tasks) == 1 else f"all {len(tasks)} tasks ran"
    most = max(task["attempts"] for task in tasks)
    return f"Succeeded: {ran}" + (f", one of them after {most} attempts" if most > 1 else "")

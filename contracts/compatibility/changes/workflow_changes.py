"""What changed workflows mean for who calls them. Pure.

A change is safe where each message whose run succeeded before still has one that succeeds, and runs
tasks if it did.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from contracts.compatibility.changes.change import CannotCompareError, Change, Whom, quoted
from contracts.compatibility.changes.condition_changes import condition_changes
from contracts.compatibility.json_values import canonical_text, shown
from contracts.compatibility.paths.equal_paths import canonical
from contracts.compatibility.workflow_reads import Pipe, WorkflowReads

Table = Mapping[str, Any]

# What breaks nobody by itself, and what it is where it is left out (Q-WF-4).
_SETTINGS: Final = {"retry_tasks": False, "on_task_failure": "continue", "delay": None}


def workflow_changes(old: Sequence[Table], new: Sequence[Table]) -> Iterator[Change]:
    """Yield the changes between the workflows of two valid files; they are matched by name.

    Raises:
        CannotCompareError: two workflows of a file share a name.
    """
    before, after = _by_name(old, "old"), _by_name(new, "new")
    for name, table in before.items():
        if name not in after:
            text = "it is gone: a call to its URL is answered 404 (Q-URL-5)"
            yield Change(f"workflow {name}", text, Whom.SENDER)
        else:
            yield from _Pair(name, table, after[name]).changes()
    for name in (name for name in after if name not in before):
        yield Change(f"workflow {name}", "it is new")


def _by_name(tables: Sequence[Table], which: str) -> dict[str, Table]:
    for name, count in Counter(table["name"] for table in tables).items():
        if count > 1:
            raise CannotCompareError(
                f"{count} workflows in the {which} file are called {name!r}; workflows are "
                "matched by name, so each needs one of its own"
            )
    return {table["name"]: table for table in tables}


class _Pair:
    """One workflow before and after."""

    def __init__(self, name: str, old: Table, new: Table) -> None:
        self._place = f"workflow {name}"
        self._old, self._new = old, new
        self._read, self._reads = map(WorkflowReads.from_mapping, (old, new))

    def changes(self) -> Iterator[Change]:
        """Yield what is another than before."""
        yield from self._access()
        yield from condition_changes(self._place, self._read, self._reads)
        yield from self._demands()
        yield from self._tasks()
        yield from self._failures()

    def _breaks(self, text: str) -> Change:
        return Change(self._place, text, Whom.SENDER)

    def _access(self) -> Iterator[Change]:
        was, now = _is_live(self._old), _is_live(self._new)
        if was and not now:
            state = "a draft" if self._new.get("draft") else "disabled"
            yield self._breaks(f"it is {state}: no call starts a run any more (Q-WF-1)")
        elif now and not was:
            yield Change(self._place, "calls start runs from now on (Q-WF-1)")
        was, now = (t.get("require_authentication", True) for t in (self._old, self._new))
        if now and not was:
            yield self._breaks("it demands a credential: calls without one are refused (Q-AUTH-2)")
        elif was and not now:
            yield Change(self._place, "anybody who knows its URL can start it (Q-AUTH-2)")

    def _demands(self) -> Iterator[Change]:
        known = {_canonical_path(self._read, pipe) for pipe in self._read.pipes}
        certain = self._reads.guarded()
        for pipe in self._reads.pipes:
            path = _canonical_path(self._reads, pipe)
            field, setting = quoted(pipe.field), quoted(pipe.place)
            where = f"task {quoted(pipe.task)} pipes the field {field} into its setting {setting}"
            if path is None and None not in known:
                yield self._breaks(f"{where}, and the workflow has no such field: it always fails")
            elif path is not None and path not in known | certain:
                told = self._reads.fields[pipe.field]
                yield self._breaks(f"{where}: it fails for a message without {told}")

    def _tasks(self) -> Iterator[Change]:
        before = {task["name"]: task for task in self._old.get("tasks", ())}
        after = {task["name"]: task for task in self._new.get("tasks", ())}
        for name in (name for name in before if name not in after):
            yield Change(self._place, f"it has no task {quoted(name)} any more")
        for name in (name for name in after if name not in before):
            yield Change(self._place, f"it has a new task, {quoted(name)}")
        called = {_called(task) for task in self._old.get("tasks", ())}
        for task in self._new.get("tasks", ()):
            if (call := _called(task)) and call not in called:
                text = "calls another web service, whose failure fails the run (Q-WF-8)"
                yield self._breaks(f"task {quoted(task['name'])} {text}")

    def _failures(self) -> Iterator[Change]:
        purpose = ("fail_first", "fail_probability")
        before = dict(_numbered(self._old.get("tasks", ())))
        for key, task in _numbered(self._new.get("tasks", ())):
            earlier = before.get(key, {})
            if any(task.get(name, 0) > earlier.get(name, 0) for name in purpose):
                yield self._breaks(f"task {quoted(task['name'])} fails on purpose more often")
        if self._old.get("retry_tasks", False) and not self._new.get("retry_tasks", False):
            yield self._breaks("failed tasks are not retried: runs that recovered fail (Q-WF-4)")
        for name, default in _SETTINGS.items():
            was, now = (table.get(name, default) for table in (self._old, self._new))
            if was != now:
                yield Change(self._place, f"{name} is {_told(now)}, where it was {_told(was)}")


def _told(setting: Any) -> str:  # noqa: ANN401  any JSON value
    return "not set" if setting is None else shown(setting)


def _is_live(table: Table) -> bool:
    return bool(table.get("enabled", not table.get("draft", False)))


def _numbered(tasks: Iterable[Table]) -> Iterator[tuple[tuple[str, int], Table]]:
    """Yield each task with its name, and which of that name it is: several may share one."""
    seen: Counter[str] = Counter()
    for task in tasks:
        name = task["name"]
        yield (name, seen[name]), task
        seen[name] += 1


def _canonical_path(reads: WorkflowReads, pipe: Pipe) -> str | None:
    path = reads.fields.get(pipe.field)
    return None if path is None else canonical(path)


def _called(task: Table) -> str:
    """Return what a web service task calls; empty for all other tasks."""
    if task["type"] != "web_service":
        return ""
    return canonical_text(task.get("settings", {}))

"""The workflows file: read, judged as a whole, and put in force for the default tenant.

Workflows are known again by their names, so a changed file keeps their ids, URLs and Run history.
One that the file no longer names is disabled; before the tenant's first call it is deleted instead.
A file with anything wrong in it changes nothing.
"""

import json
import logging
import threading
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mock_qualtrics.errors import InvalidSettingsError, MockError
from mock_qualtrics.events.field_piping import PIPED

if TYPE_CHECKING:
    from mock_qualtrics.engine import Engine

POLL_SECONDS = 0.25
Stamp = tuple[int, int, int]
_log = logging.getLogger(__name__)


class InvalidWorkflowsFileError(InvalidSettingsError):
    """A workflows file cannot be read, or says something that no workflow can be."""

    what = "The workflows file is wrong"


def read_workflows(path: Path) -> list[dict[str, Any]]:
    """Return the workflows that a TOML file describes, snake_case, in order.

    Raises:
        InvalidWorkflowsFileError: with every reason, each naming the file.
    """
    from contracts.validation import validate  # noqa: PLC0415  serving without a file needs none
    from mock_qualtrics.tenants.settings_documents import workflow_settings  # noqa: PLC0415  the same

    document = _parse(path)
    violations = [str(violation) for violation in validate(document, "workflows-file")]
    if not violations:
        workflows: list[dict[str, Any]] = document["workflows"]
        violations = [*_repeated_names(workflows)]
        for place, workflow in enumerate(workflows):
            violations += _violations(place, workflow, workflow_settings)
    if violations:
        raise InvalidWorkflowsFileError([f"{path}: {violation}" for violation in violations])
    return workflows


def _parse(path: Path) -> dict[str, Any]:
    from contracts.documents import parse_toml  # noqa: PLC0415  serving without a file needs none

    try:
        return parse_toml(path.read_text("utf-8"))
    except OSError as error:
        reason = error.strerror or "cannot be read"
    except UnicodeDecodeError as error:
        reason = f"invalid UTF-8 at byte {error.start}"
    except ValueError as error:
        reason = f"invalid TOML: {error}"
    raise InvalidWorkflowsFileError([f"{path}: {reason}"])


def _repeated_names(workflows: Sequence[Mapping[str, Any]]) -> list[str]:
    counts = Counter(workflow["name"] for workflow in workflows)
    return [
        f"$.workflows: found the name {name!r} {count} times, expected each name once"
        for name, count in counts.items()
        if count > 1
    ]


def _violations(
    place: int, workflow: Mapping[str, Any], judge: Callable[[Mapping[str, Any]], object]
) -> list[str]:
    try:
        judge(workflow)
    except InvalidSettingsError as error:
        return [f"$.workflows[{place}]{str(one).removeprefix('$')}" for one in error.violations]
    return []


def _warn_of_fields_that_no_workflow_has(workflows: Sequence[Mapping[str, Any]]) -> None:
    for workflow in workflows:
        known = {field["name"] for field in workflow.get("fields", ())}
        for task in workflow.get("tasks", ()):
            piped = set(PIPED.findall(json.dumps(task.get("settings", {}), ensure_ascii=False)))
            for name in sorted(piped - known):
                where = f"workflow {workflow['name']!r}, task {task['name']!r}"
                _log.warning("%s: no field is called %r, so that the task will fail", where, name)


def put_in_force(engine: "Engine", workflows: Sequence[Mapping[str, Any]]) -> None:
    """Make the default tenant's workflows those of the file.

    Args:
        engine: whose default tenant.
        workflows: as `read_workflows` returns them.
    """
    from mock_qualtrics.tenants.settings_documents import workflow_settings  # noqa: PLC0415  serving without none

    _warn_of_fields_that_no_workflow_has(workflows)
    tenants, tenant = engine.tenants, engine.tenants.default
    known = {workflow.name: workflow for workflow in tenant.workflows}
    named = {workflow["name"] for workflow in workflows}
    for workflow in workflows:
        settings = workflow_settings(workflow).to_mapping()
        old = known.get(workflow["name"])
        if old is None:
            tenants.add_workflow(tenant, settings)
        elif json.dumps(old.settings.to_mapping()) != json.dumps(settings):  # to it 1 is not true
            tenants.update_workflow(old.id, settings)
    unused = engine.journal.totals(tenant.number)["received"] == 0
    for old in [workflow for name, workflow in known.items() if name not in named]:
        if unused:
            tenants.delete_workflow(old.id)
        else:
            tenants.update_workflow(old.id, {"enabled": False})


class WorkflowsFile:
    """Watches a workflows file, and puts every good edit in force; a bad one is reported.

    Args:
        path: the file.
        workflows: what it said when it was last read.
        stamp: the file's from before it was read, so that no edit since then is missed; without it
            the file's as it is now.
    """

    def __init__(
        self,
        path: Path,
        engine: "Engine",
        workflows: list[dict[str, Any]],
        stamp: Stamp | None = None,
    ) -> None:
        self._path = path
        self._engine = engine
        self._stamp = stamp or stamp_of(path)
        self._stopped = threading.Event()
        put_in_force(engine, workflows)

    def watch(self) -> None:
        """Begin to watch, on a thread of its own that ends with the process."""
        threading.Thread(target=self._watch, name="workflows-file", daemon=True).start()

    def stop(self) -> None:
        """Watch no more; again is harmless."""
        self._stopped.set()

    def look(self) -> bool:
        """Read the file again if it changed; return whether a good edit was put in force."""
        stamp = stamp_of(self._path)
        if stamp == self._stamp:
            return False
        self._stamp = stamp
        before = self._names()
        try:
            put_in_force(self._engine, read_workflows(self._path))
        except MockError as error:
            _log.warning("%s; the workflows stay as they were", error)
            return False
        _log.info("%s was read again%s", self._path, _difference(before, self._names()))
        return True

    def _names(self) -> set[str]:
        tenant = self._engine.tenants.default
        return {workflow.name for workflow in tenant.workflows if workflow.enabled}

    def _watch(self) -> None:
        while not self._stopped.wait(POLL_SECONDS):
            self.look()


def _difference(before: set[str], after: set[str]) -> str:
    """Return which workflows take calls now, and which no more: another name is another one."""
    changes = (("new", after - before), ("disabled or gone", before - after))
    return "".join(f"; {what}: {', '.join(sorted(names))}" for what, names in changes if names)


def stamp_of(path: Path) -> Stamp | None:
    """Return what tells an edited file from the one before; None when it is not there."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino

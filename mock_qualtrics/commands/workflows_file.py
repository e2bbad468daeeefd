"""Read and validate the workflows file, and apply it to the tenant that ``serve`` starts with.

It stays that tenant's: when the tenant is deleted, an edit touches no other tenant. Workflows are
identified by name, so that they keep their ids, URLs and Run history when the file changes. A
workflow that is no longer in the file is disabled, or deleted if the tenant has received no call
yet. An invalid file changes nothing. Unpublished edits stay until the file changes their workflow.
"""

import json
import logging
import threading
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mock_qualtrics.errors import InvalidSettingsError, MockError

if TYPE_CHECKING:
    from mock_qualtrics.engine import Engine
    from mock_qualtrics.tenants.tenant import Tenant
    from mock_qualtrics.tenants.workflow import Workflow

POLL_SECONDS = 0.25
LARGEST_FILE_BYTES = 10_000_000
Stamp = tuple[int, int, int]
_log = logging.getLogger(__name__)


class WorkflowsFileTenantError(MockError):
    """The tenant to which a workflows file belongs was deleted; another one's are left alone."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"{path}: the tenant of this store to which a workflows file belongs was deleted; it "
            "would change the workflows of another: start with another --store, or without "
            "--workflows"
        )


class InvalidWorkflowsFileError(InvalidSettingsError):
    """A workflows file cannot be read, or is invalid."""

    what = "The workflows file is wrong"


def read_workflows(path: Path) -> list[dict[str, Any]]:
    """Return the workflows in a TOML file, snake_case, in order.

    Raises:
        InvalidWorkflowsFileError: the file is invalid; lists every violation.
    """
    from contracts.validation import validate  # noqa: PLC0415  a start without a file needs none
    from mock_qualtrics.tenants.settings_documents import workflow_settings  # noqa: PLC0415  same

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
    from contracts.documents import parse_toml  # noqa: PLC0415  a start without a file needs none

    try:
        return parse_toml(_content(path).decode("utf-8-sig"))
    except OSError as error:
        reason = error.strerror or "cannot be read"
    except UnicodeDecodeError as error:
        reason = f"invalid UTF-8 at byte {error.start}"
    except ValueError as error:
        reason = f"invalid TOML: {error}"
    raise InvalidWorkflowsFileError([f"{path}: {reason}"])


def _content(path: Path) -> bytes:
    with path.open("rb") as file:
        content = file.read(LARGEST_FILE_BYTES + 1)
    if len(content) > LARGEST_FILE_BYTES:
        reason = f"found more than {LARGEST_FILE_BYTES:,} bytes, expected at most that"
        raise InvalidWorkflowsFileError([f"{path}: {reason}"])
    return content


def _repeated_names(workflows: Sequence[Mapping[str, Any]]) -> list[str]:
    counts = Counter(workflow["name"] for workflow in workflows)
    return [
        f"$.workflows: found the name {name!r} {count} times, expected each name once"
        for name, count in counts.items()
        if count > 1
    ]


def _violations(
    place: int, workflow: Mapping[str, Any], check: Callable[[Mapping[str, Any]], object]
) -> list[str]:
    try:
        check(workflow)
    except InvalidSettingsError as error:
        reasons = [str(violation).removeprefix("$") for violation in error.violations]
        return [f"$.workflows[{place}]{reason}" for reason in reasons]
    return []


class TenantGoneError(MockError):
    """The tenant that a workflows file belongs to was deleted."""

    def __init__(self, tenant_id: str) -> None:
        super().__init__(
            f"the file belongs to {tenant_id}, with which serve started and which was deleted: "
            "no other tenant gets its workflows; start serve on a new store"
        )


def put_in_force(
    engine: "Engine", workflows: Sequence[Mapping[str, Any]], tenant: "Tenant | None" = None
) -> None:
    """Apply the workflows of a file to a tenant.

    Args:
        engine: the engine with the tenant.
        workflows: as `read_workflows` returns them.
        tenant: the tenant; by default the first one.
    """
    from mock_qualtrics.tenants.key_case import camel_case_keys  # noqa: PLC0415  as above

    tenants, tenant = engine.tenants, tenant or engine.tenants.default
    existing = {workflow.name: workflow for workflow in tenant.workflows}
    names_in_file = {workflow["name"] for workflow in workflows}
    for workflow in workflows:
        old = existing.get(workflow["name"])
        if old is None:
            tenants.add_workflow(tenant, workflow)
            continue
        wanted = _without_ended_draft(old, camel_case_keys(workflow))
        # Compared as JSON text, because to Python 1 == True, which in settings differ.
        if json.dumps(old.version.chosen) != json.dumps(wanted):
            _warn_of_dropped_edits(old)
            tenants.replace_workflow(old.id, wanted)
    unused = engine.journal.totals(tenant.number)["received"] == 0
    # Not from `existing`: the control API may have given several workflows one name.
    for old in [workflow for workflow in tenant.workflows if workflow.name not in names_in_file]:
        if unused:
            tenants.delete_workflow(old.id)
        else:
            tenants.update_workflow(old.id, {"enabled": False})


def _without_ended_draft(old: "Workflow", document: dict[str, Any]) -> dict[str, Any]:
    """Return a document that leaves a workflow enabled or not, if it says draft after its end."""
    if old.draft or not document.get("draft"):
        return document
    shown = "enabled = true" if old.enabled else "enabled = false"
    _log.warning(
        "workflow %r: draft = true no longer counts, because it was enabled before; it keeps %s",
        old.name,
        shown,
    )
    del document["draft"]
    return {**document, "enabled": old.enabled}


def _warn_of_dropped_edits(old: "Workflow") -> None:
    if old.version.waiting:
        names = ", ".join(sorted(old.version.waiting))
        _log.warning("workflow %r: the file replaces unpublished edits of %s", old.name, names)


class WorkflowsFile:
    """Watch a workflows file: apply every valid edit, and log an invalid one.

    Args:
        path: the file.
        engine: the engine, whose first tenant the file is for.
        workflows: the workflows in the file when it was last read; they are applied at once.
        stamp: the file's stamp from before it was read, so that no later edit is missed; by default
            its current stamp.

    Raises:
        WorkflowsFileTenantError: the store's first tenant was created by somebody else.
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
        self._tenant = engine.tenants.default
        if not self._tenant.of_start:
            raise WorkflowsFileTenantError(path)
        put_in_force(engine, workflows, self._tenant)

    def watch(self) -> None:
        """Start watching, on a daemon thread."""
        threading.Thread(target=self._watch, name="workflows-file", daemon=True).start()

    def stop(self) -> None:
        """Stop watching. Calling it again does nothing."""
        self._stopped.set()

    def look(self) -> bool:
        """Read the file if it has changed; return whether a valid edit was applied."""
        stamp = stamp_of(self._path)
        if stamp == self._stamp:
            return False
        self._stamp = stamp
        try:
            self._check_tenant()
            before = self._names()
            put_in_force(self._engine, self._read(), self._tenant)
        except MockError as error:
            _log.warning("%s; the workflows stay as they were", error)
            return False
        _log.info(
            "%s was read again%s%s",
            self._path,
            _difference(before, self._names()),
            self._unpublished(),
        )
        return True

    def _read(self) -> list[dict[str, Any]]:
        # A pipe or a device could keep the watch waiting for ever.
        if self._path.exists() and not self._path.is_file():
            raise InvalidWorkflowsFileError([f"{self._path}: expected a regular file"])
        return read_workflows(self._path)

    def _check_tenant(self) -> None:
        if self._tenant not in self._engine.tenants.all():
            raise TenantGoneError(self._tenant.id)

    def _names(self) -> set[str]:
        return {workflow.name for workflow in self._tenant.workflows if workflow.enabled}

    def _unpublished(self) -> str:
        waiting = (flow.name for flow in self._tenant.workflows if flow.version.waiting)
        names = sorted(waiting)
        return f"; edits wait to be published: {', '.join(names)}" if names else ""

    def _watch(self) -> None:
        while not self._stopped.wait(POLL_SECONDS):
            try:
                self.look()
            except Exception:  # noqa: BLE001
                # The next edit must be seen, whatever this one brought about.
                _log.exception("%s could not be put in force; it is still watched", self._path)


def _difference(before: set[str], after: set[str]) -> str:
    """Describe which workflows were enabled and which disabled; a new name is a new workflow."""
    changes = (("new", after - before), ("disabled or gone", before - after))
    return "".join(f"; {what}: {', '.join(sorted(names))}" for what, names in changes if names)


def stamp_of(path: Path) -> Stamp | None:
    """Return a value that changes when the file is edited; None when there is no file."""
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size, status.st_ino

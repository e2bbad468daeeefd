"""A workflow's settings: authentication, fields, conditions, tasks and delay.

Values only. ``runs.attempt`` executes a workflow; ``registry`` knows which tenant owns it.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import blake2b
from typing import Any, Literal

from mock_qualtrics.events.conditions import Condition, condition_from
from mock_qualtrics.events.field_piping import pipe
from mock_qualtrics.events.json_path import Path
from mock_qualtrics.events.other_pipes import CREDENTIAL, literal_fields, outputs, texts
from mock_qualtrics.tenants.delays import Delay, Fixed, delay_from
from mock_qualtrics.tenants.life_cycle import State, Version, state_of

DEFAULT_DELAY = Fixed(0.2)
HAND_TYPED_FIELDS = 10
TaskType = Literal["email", "web_service", "contact_update", "record"]


@dataclass(frozen=True, slots=True)
class Task:
    """One step of a workflow.

    Attributes:
        settings: depend on the type; may refer to fields, whose values are piped in.
        fail_first: how many of the first attempts, over all runs, fail on purpose.
        fail_probability: the share of later attempts that fail on purpose.
        id: names the task in ``~{ch://ID/…}``, which pipes its output into later tasks; "" where
            only its name does.
        hints: what in the settings is perhaps not meant as it is, a sentence each (Q-BODY-3).
        relies_on: the tasks whose output is piped, each by its id or name, in order.
    """

    name: str
    type: TaskType
    settings: Mapping[str, Any] = field(default_factory=dict)
    fail_first: int = 0
    fail_probability: float = 0.0
    id: str = ""
    hints: tuple[str, ...] = ()
    relies_on: tuple[str, ...] = ()

    @property
    def output_names(self) -> tuple[str, ...]:
        """The names by which a pipe may refer to the task's output."""
        return (self.id, self.name) if self.id else (self.name,)

    def to_mapping(self) -> dict[str, Any]:
        """Return the task as the control API shows it."""
        return {
            "name": self.name,
            "type": self.type,
            "settings": dict(self.settings),
            "failFirst": self.fail_first,
            "failProbability": self.fail_probability,
            **({"id": self.id} if self.id else {}),
        }


@dataclass(frozen=True, slots=True)
class WorkflowSettings:
    """The settings of a workflow; only the name is required.

    Attributes:
        enabled: whether calls start runs (Q-WF-1).
        draft: whether it was never enabled (Q-WF-1).
        require_authentication: whether the trigger requires a credential (Q-AUTH-2).
        on_task_failure: whether all remaining tasks run, or only those that do not rely on the
            output of the failed one (Q-WF-4).
        retry_tasks: whether failed tasks are retried for up to 24 hours (Q-WF-4).
        delay: the time from the call to the start of its run (Q-WF-2).
        fields: names and JSONPaths (Q-BODY-2).
        conditions: the tasks run only if these hold; None for always (Q-WF-3).
        tasks: the steps of each run, in order.
        revision: changes when something changes by which a run picks, decides and does what it
            does; by it one can tell later whether a run had the settings of now. "" for unknown.
    """

    name: str
    enabled: bool = True
    draft: bool = False
    require_authentication: bool = True
    on_task_failure: Literal["continue", "stop"] = "continue"
    retry_tasks: bool = False
    delay: Delay = DEFAULT_DELAY
    fields: tuple[tuple[str, Path], ...] = ()
    conditions: Condition | None = None
    tasks: tuple[Task, ...] = ()
    revision: str = field(default="", compare=False)

    @property
    def immediate(self) -> bool:
        """Whether a run does nothing, and so succeeds without reading its event."""
        return not (self.tasks or self.fields or self.conditions)

    def warnings(self) -> list[str]:
        """Return a sentence for each thing that is taken here, and perhaps not by Qualtrics."""
        count = len(self.fields)
        by_hand = f"{HAND_TYPED_FIELDS} can be typed in by hand, and event capture adds more"
        text = f"workflow {self.name!r} has {count} fields: in Qualtrics {by_hand} (Q-BODY-2)"
        hints = [hint for task in self.tasks for hint in task.hints]
        return [text] * (count > HAND_TYPED_FIELDS) + self._unknown_fields() + hints

    def _unknown_fields(self) -> list[str]:
        """Return a sentence for each task that pipes a field which the workflow does not have."""
        values = {name: "" for name, _ in self.fields}
        lacking = (
            f"workflow {self.name!r}, task {task.name!r}: {reason}, so its runs fail (Q-BODY-3)"
            for task in self.tasks
            for reason in pipe(task.settings, values, {})[1]
        )
        return list(dict.fromkeys(lacking))

    def unknown_outputs(self, tasks: Sequence[Task]) -> list[str]:
        """Return a sentence for each of these tasks that pipes the output of an unknown one."""
        known = {name for task in self.tasks for name in task.output_names}
        return [
            f"task {task.name}: ~{{ch://{name}/…}} names no task of this workflow by its id, so "
            "that it is not known whether the task relies on one that failed (Q-WF-4)"
            for task in tasks
            for name in task.relies_on
            if name not in known
        ]

    @property
    def costly(self) -> bool:
        """Whether a run may compute for as long as the work budget allows."""
        conditions = () if self.conditions is None else self.conditions.paths()
        return any(path.costly for _, path in self.fields) or any(p.costly for p in conditions)

    def to_mapping(self) -> dict[str, Any]:
        """Return the settings as the control API shows them, camelCase."""
        return {
            "name": self.name,
            "enabled": self.enabled,
            "draft": self.draft,
            "requireAuthentication": self.require_authentication,
            "onTaskFailure": self.on_task_failure,
            "retryTasks": self.retry_tasks,
            "delay": self.delay.to_mapping(),
            "fields": [{"name": name, "path": path.text} for name, path in self.fields],
            "conditions": {} if self.conditions is None else self.conditions.to_mapping(),
            "tasks": [task.to_mapping() for task in self.tasks],
        }


@dataclass(frozen=True, slots=True)
class Workflow:
    """A workflow of one tenant, with the ids in its trigger URLs (Q-URL-1, Q-URL-2).

    Attributes:
        number: unique on the server, never reused.
        position: the workflow is the tenant's n-th, from 1, including deleted ones.
        settings: those that are live.
        version: the settings that somebody chose, as camelCase documents; the others have their
            defaults, now and after a later version has changed a default.
    """

    number: int
    position: int
    tenant_number: int
    id: str
    url_token_id: str
    context_id: str
    trigger_id: str
    user_id: str
    brand_id: str
    settings: WorkflowSettings
    version: Version

    @property
    def name(self) -> str:
        """The display name."""
        return self.settings.name

    @property
    def enabled(self) -> bool:
        """Whether calls start runs (Q-WF-1)."""
        return self.settings.enabled

    @property
    def draft(self) -> bool:
        """Whether it was never enabled (Q-WF-1)."""
        return self.settings.draft

    @property
    def state(self) -> State:
        """Where it stands in its life cycle (Q-WF-6)."""
        published = self.version.published
        return state_of(enabled=self.enabled, draft=self.draft, published=published)

    @property
    def require_authentication(self) -> bool:
        """Whether the trigger requires a credential (Q-AUTH-2)."""
        return self.settings.require_authentication

    def warnings(self) -> list[str]:
        """Return the settings' warnings, and one if it is a draft."""
        draft = f"workflow {self.name!r} was never enabled: its URL is answered as an unknown one"
        return [*self.settings.warnings(), *([draft] if self.draft else [])]

    def urls(self, base_url: str) -> dict[str, str]:
        """Return both forms of the trigger URL."""
        path = f"{base_url}/inbound-event/v1/events/json/triggers"
        older_query = (
            f"contextId={self.context_id}&userId={self.user_id}"
            f"&brandId={self.brand_id}&triggerId={self.trigger_id}"
        )
        return {
            "triggerUrl": f"{path}?urlTokenId={self.url_token_id}",
            "legacyTriggerUrl": f"{path}?{older_query}",
        }

    def to_mapping(self, base_url: str) -> dict[str, Any]:
        """Return settings, state, id and URLs as the control API shows them."""
        shown = {**self.settings.to_mapping(), "state": self.state.value}
        if self.version.waiting:
            shown["unpublished"] = dict(self.version.waiting)
        return {**shown, "id": self.id, **self.urls(base_url)}

    def to_entry(self, base_url: str) -> dict[str, str]:
        """Return id, name and URLs as the ready file shows them."""
        return {"id": self.id, "name": self.name, **self.urls(base_url)}


def settings_from(mapping: Mapping[str, Any]) -> WorkflowSettings:
    """Return the settings that a valid camelCase mapping describes.

    ``settings_documents.workflow_settings`` validates the mapping first.
    """
    settings = WorkflowSettings(
        name=mapping["name"],
        enabled=mapping.get("enabled", not mapping.get("draft", False)),
        draft=mapping.get("draft", False),
        require_authentication=mapping.get("requireAuthentication", True),
        on_task_failure=mapping.get("onTaskFailure", "continue"),
        retry_tasks=mapping.get("retryTasks", False),
        delay=delay_from(mapping["delay"]) if "delay" in mapping else DEFAULT_DELAY,
        fields=tuple((item["name"], Path(item["path"])) for item in mapping.get("fields", ())),
        conditions=condition_from(mapping["conditions"]) if mapping.get("conditions") else None,
        tasks=tuple(_task_from(item) for item in mapping.get("tasks", ())),
    )
    return replace(settings, revision=_revision(settings))


def _revision(settings: WorkflowSettings) -> str:
    shown = settings.to_mapping()
    decisive = [shown[name] for name in ("fields", "conditions", "tasks", "onTaskFailure")]
    return blake2b(json.dumps(decisive, sort_keys=True).encode(), digest_size=6).hexdigest()


def _task_from(mapping: Mapping[str, Any]) -> Task:
    settings = mapping.get("settings", {})
    return Task(
        name=mapping["name"],
        type=mapping["type"],
        settings=settings,
        fail_first=int(mapping.get("failFirst", 0)),
        fail_probability=mapping.get("failProbability", 0.0),
        id=mapping.get("id", ""),
        hints=tuple(_hints(mapping["name"], mapping["type"], settings)),
        relies_on=tuple(dict.fromkeys(name for _, name in outputs(settings))),
    )


def _hints(name: str, kind: TaskType, settings: Mapping[str, Any]) -> Iterator[str]:
    for place, text in literal_fields(settings):
        meant = "~" + text.removeprefix("$")
        yield f"task {name}, setting {place}: {text} goes out literally; {meant} pipes the field"
    if kind == "web_service" and "credential" in settings:
        headers = texts(settings.get("headers", {}))
        if not any(CREDENTIAL in text for _, text in headers):
            pipe = f"{CREDENTIAL}…}}"
            yield f"task {name}, setting credential: it is not sent, as no header pipes it: {pipe}"

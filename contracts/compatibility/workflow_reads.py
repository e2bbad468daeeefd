"""What a workflow reads of an event: fields, conditions, and fields piped into settings (Q-BODY-2).

Restates what the mock does of pipes (Q-BODY-3): ``~{aedj://name}`` stands for a field. Pure.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, NamedTuple, Self

from contracts.compatibility.conditions import Conditions, demanded
from contracts.compatibility.paths.equal_paths import canonical

PIPED: Final = re.compile(r"~\{aedj://([^{}\s]+)\}")
_FORGOTTEN: Final = re.compile(r"(?<!~)(?<!~\$)\$?\{aedj://[^{}\s]+\}")


class Pipe(NamedTuple):
    """One field that a task's setting pipes.

    Attributes:
        task: the task's name.
        place: the setting, such as ``body.lines[0]``.
        field: the field's name.
    """

    task: str
    place: str
    field: str


@dataclass(frozen=True, slots=True)
class WorkflowReads:
    """What one workflow reads of an event.

    Attributes:
        name: the workflow's name.
        fields: the JSONPath of each field, by its name.
        conditions: as in the workflows file; empty for none.
        pipes: the fields that tasks' settings pipe: a task fails where one has no value.
        forgotten: what looks like a pipe and goes out literally, for lack of its ``~``.
    """

    name: str
    fields: Mapping[str, str]
    conditions: Conditions
    pipes: tuple[Pipe, ...]
    forgotten: tuple[Pipe, ...]

    @classmethod
    def from_mapping(cls, workflow: Mapping[str, Any]) -> Self:
        """Return what a workflow reads, from its table in a valid workflows file."""
        tasks = workflow.get("tasks", ())
        return cls(
            workflow["name"],
            {field["name"]: field["path"] for field in workflow.get("fields", ())},
            workflow.get("conditions", {}),
            tuple(dict.fromkeys(pipe for task in tasks for pipe in _matches(task, PIPED, 1))),
            tuple(dict.fromkeys(pipe for task in tasks for pipe in _matches(task, _FORGOTTEN, 0))),
        )

    def guarded(self) -> frozenset[str]:
        """Return the canonical paths that have a value in each message for which tasks run."""
        wanted = (canonical(p.path) for p in demanded(self.conditions) if p.needs_a_value)
        return frozenset(wanted)

    def unguarded(self) -> list[str]:
        """Return the paths, or fields without one, that settings pipe and may lack a value."""
        guarded = self.guarded()
        read = {(self.fields.get(pipe.field), pipe.field) for pipe in self.pipes}
        return sorted(
            {
                path or field
                for path, field in read
                if path is None or canonical(path) not in guarded
            }
        )

    def needed(self) -> frozenset[str]:
        """Return the fields that settings pipe."""
        return frozenset(pipe.field for pipe in self.pipes)


def _matches(task: Mapping[str, Any], pattern: re.Pattern[str], group: int) -> Iterator[Pipe]:
    for place, text in texts(task.get("settings")):
        for match in pattern.finditer(text):
            yield Pipe(task["name"], place, match.group(group))


def texts(value: Any, place: str = "") -> Iterator[tuple[str, str]]:  # noqa: ANN401  any JSON value
    """Yield every text in a JSON value with its place, such as ``body.lines[0]``."""
    if isinstance(value, str):
        yield place, value
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield from texts(item, f"{place}.{key}" if place else str(key))
    elif isinstance(value, list):
        for number, item in enumerate(value):
            yield from texts(item, f"{place}[{number}]")

"""What was found of one thing that a workflow reads."""

import enum
from dataclasses import dataclass
from typing import Any

from contracts.compatibility.certainty import ALWAYS, NEVER, Certainty
from contracts.compatibility.shape import Why


class Kind(enum.StrEnum):
    """What reads the event, or what the dataflow says of it."""

    FIELD = "field"
    CONDITION = "condition"
    SETTING = "setting"
    DECLARATION = "declaration"


class Severity(enum.StrEnum):
    """What a finding means for the whole."""

    NONE = "none"
    WARNING = "warning"
    FAILURE = "failure"

    @classmethod
    def of(cls, verdict: Certainty) -> "Severity":
        """Return what a verdict means of something that is needed."""
        if verdict is ALWAYS:
            return cls.NONE
        return cls.FAILURE if verdict is NEVER else cls.WARNING


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found of a field, a condition or a piped setting.

    Attributes:
        workflow: the workflow's name.
        kind: what reads the event.
        name: the field's name, the condition's operator, or the task and its setting.
        path: the JSONPath that is read; None where there is none.
        verdict: whether the mapping feeds it.
        why: why it does not always.
        severity: what that means.
        holds: whether the condition holds; None of anything else.
        field: the field that the setting pipes.
        notes: more to know, a sentence each.
    """

    workflow: str
    kind: Kind
    name: str
    path: str | None
    verdict: Certainty
    why: Why | None
    severity: Severity
    holds: Certainty | None = None
    field: str | None = None
    notes: tuple[str, ...] = ()

    @property
    def subject(self) -> str:
        """What it is about, in a few words."""
        pipe = f" ~{{aedj://{self.field}}}" if self.field else ""
        path = f" {self.path}" if self.path else ""
        return f"{self.kind} {self.name}{pipe}{path}"

    @property
    def explained(self) -> str:
        """Why it is so, and what else is to be known of it; empty where all is well."""
        why = "" if self.why is None else self.why.text
        if self.holds is Certainty.NEVER and self.path is not None:
            fed = "" if self.verdict is Certainty.NEVER else "fed, but "
            why = f"{fed}the condition never holds{why and ': '}{why}"
        return "; ".join(filter(None, [why, *self.notes]))

    @property
    def sentence(self) -> str:
        """The verdict and why, for reports."""
        return f"{self.verdict}: {self.explained}" if self.explained else self.verdict.value

    def fails(self, *, strict: bool = False) -> bool:
        """Return whether it fails the whole; with `strict` a warning does too."""
        is_warning = self.severity is Severity.WARNING
        return self.severity is Severity.FAILURE or (strict and is_warning)

    def to_mapping(self) -> dict[str, Any]:
        """Return it as a JSON object with camelCase keys."""
        return {
            "workflow": self.workflow,
            "kind": self.kind.value,
            "name": self.name,
            "field": self.field,
            "path": self.path,
            "verdict": self.verdict.value,
            "holds": None if self.holds is None else self.holds.value,
            "reason": None if self.why is None else self.why.code,
            "explanation": None if self.why is None else self.why.text,
            "severity": self.severity.value,
            "notes": list(self.notes),
        }

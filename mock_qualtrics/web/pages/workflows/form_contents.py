"""The contents of a workflow's form; no HTML here."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from mock_qualtrics.tenants.life_cycle import State
from mock_qualtrics.web.pages.workflows.form_errors import FieldError
from mock_qualtrics.web.pages.workflows.form_values import COMPARISONS, DELAYS, Typed
from mock_qualtrics.web.pages.workflows.json_texts import json_text
from mock_qualtrics.web.pages.workflows.list_contents import STATES
from mock_qualtrics.web.pages.workflows.settings_changes import (
    differences,
    mark_of,
    next_settings,
)

if TYPE_CHECKING:
    from mock_qualtrics.tenants.workflow import Workflow

CHOICES: Final[Mapping[str, Mapping[str, str]]] = {
    "state": {
        "enabled": "Enabled: calls start runs",
        "disabled": "Disabled: calls start nothing",
        "draft": "Draft: never enabled, calls are answered as of an unknown URL",
    },
    "onTaskFailure": {
        "continue": "Run the remaining ones",
        "stop": "Skip those that rely on its output",
    },
    "delay-kind": dict(
        zip(
            DELAYS,
            (
                "Always the same",
                "Evenly spread between two bounds",
                "Log-normal: mostly short, sometimes long",
                "A queue: the more load, the longer",
                "One of measured delays",
            ),
            strict=True,
        )
    ),
    "group": {"all": "All: must hold", "any": "Any: one must hold"},
    "comparison": dict(
        zip(
            COMPARISONS,
            (
                *("equals", "does not equal", "contains", "exists"),
                *("less than", "at most", "greater than", "at least"),
            ),
            strict=True,
        )
    ),
    "type": {
        "email": "Email",
        "web_service": "Web service",
        "contact_update": "Contact update",
        "record": "Record",
    },
}
"""The choices of each field that has some, with their words."""


def form_contents(
    workflow: "Workflow | None",
    typed: Typed,
    *,
    errors: Sequence[FieldError] = (),
    problem: str = "",
    said: str = "",
    document: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Return what the form shows.

    Args:
        workflow: the one that is changed; None for a new one.
        typed: what stands in the fields.
        errors: what is wrong with them.
        problem: why nothing was saved, though nothing is wrong with them.
        said: a message.
        document: what the fields mean, where it is to be compared with what is stored.
    """
    by_field: dict[str, list[str]] = {}
    for error in errors:
        by_field.setdefault(error.field, []).append(error.text)
    common = {
        "workflow": workflow,
        "typed": typed,
        "errors": errors,
        "by_field": by_field,
        "problem": problem,
        "said": said,
        "choices": CHOICES,
        "delays": DELAYS,
        "differences": [],
    }
    return common if workflow is None else common | _of_workflow(workflow, document)


def _of_workflow(workflow: "Workflow", document: Mapping[str, Any] | None) -> dict[str, Any]:
    live, following = workflow.settings.to_mapping(), next_settings(workflow)
    state, meaning = STATES[workflow.state]
    before, after = (live, following) if document is None else (following, document)
    return {
        "mark": mark_of(workflow),
        "state": state,
        "meaning": meaning,
        "waits": bool(workflow.version.waiting),
        "can_be_published": workflow.state is State.DRAFT or bool(workflow.version.waiting),
        "differences": list(differences(before, after)),
        "json": json_text(following),
    }

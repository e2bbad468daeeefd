"""Changes of a workflow by its form, which nobody else has changed meanwhile."""

import json
from collections.abc import Iterator, Mapping
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from mock_qualtrics.tenants import workflow_records
from mock_qualtrics.tenants.settings_documents import workflow_settings
from mock_qualtrics.tenants.workflow import WorkflowSettings
from mock_qualtrics.web.pages.workflows.json_texts import json_text

if TYPE_CHECKING:
    from mock_qualtrics.tenants.workflow import Workflow

_DIGITS: Final = 16
_SWITCHES: Final = ("enabled", "draft")
DEFAULTS: Final = WorkflowSettings("").to_mapping()


class Difference(NamedTuple):
    """A setting that differs between two documents, and its values as texts."""

    setting: str
    before: str
    after: str


def mark_of(workflow: "Workflow") -> str:
    """Return a text that is another one after each change of what is stored of a workflow."""
    return sha256(_exact(workflow_records.stored(workflow)).encode()).hexdigest()[:_DIGITS]


def next_settings(workflow: "Workflow") -> dict[str, Any]:
    """Return all settings that will be live after the next publishing (Q-WF-6)."""
    return workflow_settings(workflow.version.next).to_mapping()


def changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
    """Return the settings of a document that another one has otherwise, so that others stay."""
    return {name: value for name, value in after.items() if _exact(value) != _exact(before[name])}


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Difference]:
    """Yield each setting that differs; the switch is no edit."""
    for name, value in changes(before, after).items():
        if name not in _SWITCHES:
            yield Difference(name, _shown(before[name]), _shown(value))


def _shown(value: object) -> str:
    return value if isinstance(value, str) else json_text(value)


def _exact(value: object) -> str:
    # Compared as JSON: to Python, 1 and true are equal.
    return json.dumps(value, sort_keys=True)

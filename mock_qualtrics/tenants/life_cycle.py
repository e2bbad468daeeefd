"""A workflow's life cycle: draft → published → active or disabled (Q-WF-6, Q-WF-1). Pure.

Settings that somebody chose are camelCase documents. Edits may be kept: they reach live runs when
they are published.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, NamedTuple

from contracts.violations import describe
from mock_qualtrics.errors import InvalidSettingsError

Document = Mapping[str, Any]
_SWITCHES = ("draft", "enabled")


class State(StrEnum):
    """The state of a workflow.

    Attributes:
        DRAFT: never published and never enabled: its URL is answered as an unknown one.
        PUBLISHED: published but never enabled: answered like a draft.
        ACTIVE: enabled: calls start runs.
        DISABLED: enabled before, and disabled since.
    """

    DRAFT = "draft"
    PUBLISHED = "published"
    ACTIVE = "active"
    DISABLED = "disabled"


class Version(NamedTuple):
    """What is stored of a workflow.

    Attributes:
        chosen: the settings that are live.
        waiting: the kept edits; they replace settings of the same name when they are published.
        published: whether it was ever published; always true but for drafts.
    """

    chosen: Document
    waiting: Document
    published: bool

    @property
    def draft(self) -> bool:
        """Whether it was never enabled."""
        return bool(self.chosen.get("draft", False))

    @property
    def next(self) -> Document:
        """The settings that will be live after the next publishing."""
        return {**self.chosen, **self.waiting}


def created(document: Document) -> Version:
    """Return a new workflow: published, unless it is a draft."""
    return Version(document, {}, published=not document.get("draft", False))


def replaced(version: Version, document: Document) -> Version:
    """Return the workflow with all settings from a document; edits that waited are dropped.

    Raises:
        InvalidSettingsError: it would be a draft again.
    """
    _refuse_second_draft(version, document)
    return Version(document, {}, version.published or not document.get("draft", False))


def published(version: Version) -> Version:
    """Return the workflow with its kept edits live; a draft is not enabled by that."""
    return Version(version.next, {}, published=True)


def changed(version: Version, changes: Document) -> Version:
    """Return the workflow after changes, which are published unless ``publish`` is false.

    Edits that waited are published with them, but not when a workflow is merely disabled.

    Raises:
        InvalidSettingsError: a switch is changed without publishing, it would be a draft again, or
            ``publish`` is neither true nor false.
    """
    edits = {name: value for name, value in changes.items() if name != "publish"}
    _refuse_other_than_boolean(changes.get("publish", True))
    _refuse_second_draft(version, edits)
    if changes.get("publish") is False:
        _refuse_kept_switch(edits)
        return version._replace(waiting={**version.waiting, **edits})
    if len(changes) == 1 and changes.get("enabled") is False:
        return version._replace(chosen={**version.chosen, "enabled": False})
    chosen = {**version.next, **edits}
    if edits.get("enabled") is True and "draft" not in edits:
        chosen.pop("draft", None)
    publishes = "publish" in changes or not chosen.get("draft", False)
    return Version(chosen, {}, version.published or publishes)


def state_of(*, enabled: bool, draft: bool, published: bool) -> State:
    """Return the state of a workflow."""
    if enabled:
        return State.ACTIVE
    if not draft:
        return State.DISABLED
    return State.PUBLISHED if published else State.DRAFT


def _refuse_second_draft(version: Version, document: Document) -> None:
    if document.get("draft") and not version.draft:
        raise InvalidSettingsError(
            ["$.draft: found true, expected false: this workflow was enabled before"]
        )


def _refuse_other_than_boolean(publish: object) -> None:
    if not isinstance(publish, bool):
        found = describe(publish)
        raise InvalidSettingsError([f"$.publish: found {found}, expected true or false"])


def _refuse_kept_switch(edits: Document) -> None:
    reasons = [
        f"$.{name}: found beside publish false, expected alone: the switch is no edit that waits"
        for name in _SWITCHES
        if name in edits
    ]
    if reasons:
        raise InvalidSettingsError(reasons)

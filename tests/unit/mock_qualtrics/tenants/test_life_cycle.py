"""Each step of a workflow's life cycle, on plain documents (Q-WF-6)."""

import pytest

from mock_qualtrics.errors import InvalidSettingsError
from mock_qualtrics.tenants.life_cycle import (
    State,
    Version,
    changed,
    created,
    published,
    replaced,
    state_of,
)

ACTIVE = created({"name": "W"})
DRAFT = created({"name": "W", "draft": True})
EDITED = changed(ACTIVE, {"name": "X", "publish": False})


@pytest.mark.parametrize(
    ("enabled", "draft", "was_published", "state"),
    [
        (True, False, True, State.ACTIVE),
        (False, False, True, State.DISABLED),
        (False, True, True, State.PUBLISHED),
        (False, True, False, State.DRAFT),
    ],
)
def test_the_state_follows_from_three_facts(enabled, draft, was_published, state):
    assert state_of(enabled=enabled, draft=draft, published=was_published) is state


def test_a_new_workflow_is_published_unless_it_is_a_draft():
    assert (ACTIVE.published, DRAFT.published) == (True, False)


def test_kept_edits_add_up_and_are_published_together():
    twice = changed(EDITED, {"retryTasks": True, "publish": False})
    assert twice == Version({"name": "W"}, {"name": "X", "retryTasks": True}, published=True)
    assert published(twice) == Version({"name": "X", "retryTasks": True}, {}, published=True)


@pytest.mark.parametrize(
    "changes", [{"retryTasks": True}, {"enabled": True}, {"publish": True}, {"name": "X"}]
)
def test_every_change_that_is_published_takes_the_kept_edits_along(changes):
    version = changed(EDITED, changes)
    assert (version.chosen["name"], version.waiting) == ("X", {})


def test_disabling_alone_publishes_nothing_and_enabling_again_does():
    off = changed(EDITED, {"enabled": False})
    assert off == Version({"name": "W", "enabled": False}, {"name": "X"}, published=True)
    assert changed(off, {"enabled": True}).chosen == {"name": "X", "enabled": True}


@pytest.mark.parametrize(
    ("changes", "version"),
    [
        ({"enabled": True}, Version({"name": "W", "enabled": True}, {}, published=True)),
        ({"name": "X"}, Version({"name": "X", "draft": True}, {}, published=False)),
        ({"publish": True}, Version({"name": "W", "draft": True}, {}, published=True)),
        ({"draft": False}, Version({"name": "W", "draft": False}, {}, published=True)),
    ],
)
def test_a_draft_ends_when_it_is_enabled(changes, version):
    assert changed(DRAFT, changes) == version


def test_what_was_enabled_is_no_draft_again():
    for step in (lambda: changed(ACTIVE, {"draft": True}), lambda: replaced(ACTIVE, DRAFT.chosen)):
        with pytest.raises(InvalidSettingsError, match="enabled before"):
            step()


@pytest.mark.parametrize("name", ["enabled", "draft"])
def test_a_switch_is_no_edit_that_waits(name):
    with pytest.raises(InvalidSettingsError, match=rf"\$\.{name}: found beside publish false"):
        changed(DRAFT, {name: True, "publish": False})


def test_publish_is_true_or_false():
    with pytest.raises(
        InvalidSettingsError, match=r'\$\.publish: found "no", expected true or false'
    ):
        changed(ACTIVE, {"publish": "no"})


def test_a_replaced_workflow_has_no_kept_edits():
    assert replaced(EDITED, {"name": "Y"}) == created({"name": "Y"})
    assert replaced(DRAFT, {"name": "Y", "draft": True}).published is False

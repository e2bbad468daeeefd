"""Which changes of a profile export it in one run (A-EXP-1, A-EXP-3). Pure."""

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Final

from sender.dataflow import WhenToActivate
from sender.mapping.exclusions import ExclusionReason
from sender.mapping.profile_state import NO_CHANGE, Change


@dataclass(frozen=True, slots=True)
class Triggers:
    """What exports a profile in one run.

    Attributes:
        on: the changes that are switched on.
        restated: whether each row counts as ingested anew, so that its attributes are updated even
            where their values stay the same.
        first_activated: the audiences that no earlier run has activated: who is in one of them is
            exported whatever is switched off. None: all.
        activated_again: the audiences that were mapped before and not in the last run: who entered
            or left one of them meanwhile is not exported.
    """

    on: WhenToActivate = field(default_factory=WhenToActivate)
    restated: bool = False
    first_activated: frozenset[str] | None = None
    activated_again: frozenset[str] = frozenset()

    def exports_move(self, audience: str) -> bool:
        """Return whether a profile is exported that entered or left an audience."""
        if self.first_activated is None or audience in self.first_activated:
            return True
        return self.on.audience_changes and audience not in self.activated_again

    def exports_update(self, changed: Change, *, is_restated: bool) -> bool:
        """Return whether a member is exported whose attributes or identities changed."""
        attributes = is_restated or Change.ATTRIBUTES in changed
        if attributes and self.on.attribute_changes:
            return True
        return Change.IDENTITIES in changed and self.on.identity_changes

    def why_not(self, moved: Collection[str], changed: Change = NO_CHANGE) -> ExclusionReason:
        """Return why changes that export nothing do not."""
        if moved and self.on.audience_changes:
            return ExclusionReason.ACTIVATED_AGAIN
        if moved:
            return ExclusionReason.AUDIENCE_CHANGES_OFF
        if Change.IDENTITIES in changed and Change.ATTRIBUTES not in changed:
            return ExclusionReason.IDENTITY_CHANGES_OFF
        return ExclusionReason.ATTRIBUTE_CHANGES_OFF


EVERY_CHANGE: Final = Triggers()
"""A first activation: every change exports."""

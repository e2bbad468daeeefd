"""The entries of a dataflow's tables: what is mapped, which audiences are exported, and when."""

import dataclasses
import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Self


@dataclass(frozen=True, slots=True)
class AttributeMapping:
    """Where an attribute comes from in the profile, and where it goes in the message (A-MAP-1).

    Attributes:
        source: dotted path in the profile.
        target: dotted path in the message.
        source_path: the names in ``source``.
        target_path: the names in ``target``.
    """

    source: str
    target: str
    source_path: tuple[str, ...] = field(init=False, repr=False, compare=False)
    target_path: tuple[str, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "source_path", tuple(self.source.split(".")))
        object.__setattr__(self, "target_path", tuple(self.target.split(".")))


@dataclass(frozen=True, slots=True)
class IdentityMapping:
    """An identity namespace that is exported, and its target identity (A-MAP-2).

    Attributes:
        source: the namespace in the profile's identity map, and the key in the message.
        target: ``email`` or ``external_id``.
    """

    source: str
    target: str


@dataclass(frozen=True, slots=True)
class AudienceActivation:
    """An audience whose members are exported, and when (A-EXP-6).

    Attributes:
        id: the audience's id; any text, not only UUIDs (A-MSG-3).
        start_date: first day of the export, in UTC; None: no start.
        end_date: last day of the export, in UTC; None: no end.
    """

    id: str
    start_date: dt.date | None = None
    end_date: dt.date | None = None

    @classmethod
    def from_mapping(cls, entry: Mapping[str, str]) -> Self:
        """Return the audience of a valid table; dates are ISO texts."""
        dates = (entry.get("start_date"), entry.get("end_date"))
        start, end = (None if text is None else dt.date.fromisoformat(text) for text in dates)
        return cls(entry["id"], start, end)

    def to_mapping(self) -> dict[str, str]:
        """Return the audience's table; a date that it lacks is left out."""
        dates = {"start_date": self.start_date, "end_date": self.end_date}
        found = {name: day.isoformat() for name, day in dates.items() if day is not None}
        return {"id": self.id, **found}

    def is_active(self, day: dt.date) -> bool:
        """Return whether the audience is exported on that day (UTC), both ends included."""
        after_start = self.start_date is None or self.start_date <= day
        return after_start and (self.end_date is None or day <= self.end_date)


@dataclass(frozen=True, slots=True)
class WhenToActivate:
    """Which changes of a profile export it; each can be switched off (A-EXP-1).

    Attributes:
        attribute_changes: a mapped attribute is updated, or restated by an ingestion.
        audience_changes: the profile enters or leaves a mapped audience.
        identity_changes: an identity of a mapped namespace is added or removed.
    """

    attribute_changes: bool = True
    audience_changes: bool = True
    identity_changes: bool = True

    def to_mapping(self) -> dict[str, bool]:
        """Return what is switched off."""
        return {name: on for name, on in dataclasses.asdict(self).items() if not on}

"""One change between an old and a new file, and whether it breaks somebody."""

import enum
import json
from dataclasses import dataclass
from typing import Any

from contracts.errors import ContractsError


class Whom(enum.StrEnum):
    """Who may rely on how it was.

    A sender relies on that what it may send is taken, a receiver on that what it needs comes.
    """

    SENDER = "sender"
    RECEIVER = "receiver"


@dataclass(frozen=True, slots=True)
class Change:
    """One change.

    Attributes:
        place: where it is, such as ``workflow Survey``.
        text: what it means, a sentence without its full stop.
        breaks: whom it breaks; None for a change that breaks nobody.
    """

    place: str
    text: str
    breaks: Whom | None = None

    def to_mapping(self) -> dict[str, Any]:
        """Return it as a JSON object."""
        whom = None if self.breaks is None else self.breaks.value
        return {"place": self.place, "whom": whom, "sentence": self.text}


def quoted(name: str) -> str:
    """Return a name that somebody chose, as a part of a sentence."""
    return json.dumps(name, ensure_ascii=False)


class CannotCompareError(ContractsError):
    """Two files, or a part of them, cannot be compared; the text says which and why."""

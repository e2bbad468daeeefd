"""The ledger of reproduced behaviours: how certain each is, and which test proves it.

Reads ``contracts/fidelity.toml``.
"""

from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files

from contracts.documents import parse_toml


class Grade(StrEnum):
    """How certain a behaviour is; ``house`` is the mock's own, without a real counterpart."""

    DOCUMENTED = "documented"
    OBSERVED = "observed"
    ASSUMED = "assumed"
    HOUSE = "house"


class Side(StrEnum):
    """The system that a behaviour belongs to."""

    MOCK = "mock"
    SENDER = "sender"


@dataclass(frozen=True, slots=True)
class Behaviour:
    """One row of the ledger.

    Attributes:
        id: the fact's id, with a suffix where one fact has several grades: ``Q-LIM-3.status``.
        side: the mock or the sender.
        statement: the behaviour, in one sentence.
        grade: how certain it is that the real system behaves this way.
        source: where this is documented or was observed; empty if nowhere.
        setting: the setting that changes it; never empty for an assumed behaviour.
        test: the pytest node id of the test that proves it.
        default: the setting's default; never None for an assumed behaviour.
        dated: the date that the source shows, or on which it was observed: a year, a month or a
            day; empty where none is known. Vendors change their pages.
    """

    id: str
    side: Side
    statement: str
    grade: Grade
    source: str
    setting: str
    test: str
    default: bool | int | float | str | None = None
    dated: str = ""

    @property
    def date(self) -> str:
        """The date of the source, in words."""
        return self.dated or "date unknown"


@cache
def behaviours() -> tuple[Behaviour, ...]:
    """Return all behaviours, in the order of the ledger.

    Example:
        >>> behaviours()[0].id
        'Q-URL-1'
    """
    ledger = parse_toml((files("contracts") / "fidelity.toml").read_text("utf-8"))
    return tuple(
        Behaviour(**{**row, "side": Side(row["side"]), "grade": Grade(row["grade"])})
        for row in ledger["behaviours"]
    )

"""The ledger of behaviours: what is reproduced, how sure it is, and which test proves it.

Reads ``fidelity.toml`` beside it. Not here: running those tests.
"""

from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files

from contracts.documents import parse_toml


class Grade(StrEnum):
    """How sure a behaviour is; ``house`` is the mock's own: nothing real corresponds to it."""

    DOCUMENTED = "documented"
    OBSERVED = "observed"
    ASSUMED = "assumed"
    HOUSE = "house"


class Side(StrEnum):
    """Which of the two systems behaves so."""

    MOCK = "mock"
    SENDER = "sender"


@dataclass(frozen=True, slots=True)
class Behaviour:
    """One row of the ledger.

    Attributes:
        id: the fact's id, with a suffix where one fact has several grades: ``Q-LIM-3.status``.
        side: the mock or the sender.
        statement: what it does, in a sentence.
        grade: how sure it is that the real system does so.
        source: who says so; empty when nobody does.
        setting: what changes it; never empty for an assumed behaviour.
        test: the pytest node that proves it.
        default: what the setting is unless told otherwise; never none for an assumed behaviour.
    """

    id: str
    side: Side
    statement: str
    grade: Grade
    source: str
    setting: str
    test: str
    default: bool | int | str | None = None


@cache
def behaviours() -> tuple[Behaviour, ...]:
    """Return the whole ledger, in its own order.

    Example:
        >>> behaviours()[0].id
        'Q-URL-1'
    """
    ledger = parse_toml((files("contracts") / "fidelity.toml").read_text("utf-8"))
    return tuple(
        Behaviour(**{**row, "side": Side(row["side"]), "grade": Grade(row["grade"])})
        for row in ledger["behaviours"]
    )

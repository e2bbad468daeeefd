"""What may go wrong in a simulated world, each kind a small frozen value with a JSON form.

A happening with a moment happens ``then_us`` microseconds after the sender's call number
``after_calls`` was sent (0: after the start). So a schedule meets the busy times, however long the
idle ones are. A crash has none: it happens when its side passes the point for the n-th time.
"""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Literal

Side = Literal["sender", "mock"]
Point = Literal["before-commit", "in-group", "after-commit"]

SIDES: tuple[Side, ...] = ("sender", "mock")
POINTS: tuple[Point, ...] = ("before-commit", "in-group", "after-commit")


@dataclass(frozen=True, slots=True, kw_only=True)
class Timed:
    """A happening with a moment.

    Attributes:
        after_calls: after which call of the sender, counted from 1 over the whole simulation; 0 is
            the start.
        then_us: how many microseconds after that.
    """

    kind: ClassVar[str]
    after_calls: int = 0
    then_us: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class MockFault(Timed):
    """A fault of the mock is added, and removed later.

    Attributes:
        fault: as the control API takes it (schema ``fault``).
        lasts_us: after how many microseconds it is removed.
    """

    kind: ClassVar[str] = "mock-fault"
    fault: Mapping[str, Any] = field(default_factory=dict)
    lasts_us: int = 60_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswersLost(Timed):
    """The next answers get lost on their way to the sender: the connection is reset.

    Attributes:
        answers: how many.
    """

    kind: ClassVar[str] = "answers-lost"
    answers: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkSlow(Timed):
    """Each answer takes this much longer, for some time.

    Attributes:
        delay_us: how much longer, in microseconds.
        lasts_us: for how long.
    """

    kind: ClassVar[str] = "network-slow"
    delay_us: int = 500_000
    lasts_us: int = 10_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class DiskFull(Timed):
    """One side's disk is full for some time: each write of its database fails.

    Attributes:
        side: whose.
        lasts_us: for how long.
    """

    kind: ClassVar[str] = "disk-full"
    side: Side = "mock"
    lasts_us: int = 5_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherClient(Timed):
    """Another client of the same brand calls, all calls at one instant, and retries none.

    Attributes:
        calls: how many.
        workflow: the number of the workflow that it triggers.
    """

    kind: ClassVar[str] = "other-client"
    calls: int = 10
    workflow: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockStepped(Timed):
    """The wall clock of the sender's machine is put forward or back.

    Attributes:
        by_us: by how many microseconds.
    """

    kind: ClassVar[str] = "clock-stepped"
    by_us: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenReplaced(Timed):
    """A new API token is made, and the old one refused (Q-AUTH-6).

    Attributes:
        noticed_after_us: after how many microseconds the sender is started anew with the new one.
    """

    kind: ClassVar[str] = "token-replaced"
    noticed_after_us: int = 30_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkflowEdited(Timed):
    """A workflow's settings are changed.

    Attributes:
        workflow: its number.
        changes: the changed settings, as the control API's PATCH takes them.
        lasts_us: after how many microseconds the earlier settings come back; 0: never.
    """

    kind: ClassVar[str] = "workflow-edited"
    workflow: int = 0
    changes: Mapping[str, Any] = field(default_factory=dict)
    lasts_us: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class SenderStopped(Timed):
    """The sender is asked to stop, as with Ctrl-C, and resumed later.

    Attributes:
        pause_us: after how many microseconds it is resumed.
    """

    kind: ClassVar[str] = "sender-stopped"
    pause_us: int = 5_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Crash:
    """One side ends at once, without closing anything, and is started again later.

    Attributes:
        side: which one.
        point: where: before a commit, between two statements of its group, or after it.
        nth: at the n-th time that the side passes this point, counted from 1 over the whole
            simulation.
        pause_us: after how many microseconds it is started again.
    """

    kind: ClassVar[str] = "crash"
    side: Side = "sender"
    point: Point = "before-commit"
    nth: int = 1
    pause_us: int = 1_000_000


Happening = (
    MockFault
    | AnswersLost
    | NetworkSlow
    | DiskFull
    | OtherClient
    | ClockStepped
    | TokenReplaced
    | WorkflowEdited
    | SenderStopped
    | Crash
)

KINDS: dict[str, type[Happening]] = {
    each.kind: each
    for each in (
        MockFault,
        AnswersLost,
        NetworkSlow,
        DiskFull,
        OtherClient,
        ClockStepped,
        TokenReplaced,
        WorkflowEdited,
        SenderStopped,
        Crash,
    )
}


def name_of(happening: Happening) -> str:
    """Return the name under which it is counted in ``Result.faults_hit``.

    A mock's fault has the name of its own kind, ``run-twice`` say; a full disk names its side.
    """
    match happening:
        case MockFault():
            return str(happening.fault["kind"])
        case DiskFull() | Crash():
            return f"{happening.side}-{happening.kind}"
        case _:
            return happening.kind


def point_name(side: Side, point: Point) -> str:
    """Return the name under which a crash is counted in ``Result.crash_points_hit``."""
    return f"{side}-{point}"


def to_json(happening: Happening) -> dict[str, Any]:
    """Return a happening as JSON."""
    return {"kind": happening.kind, **dataclasses.asdict(happening)}


def from_json(document: Mapping[str, Any]) -> Happening:
    """Return the happening that the JSON describes.

    Raises:
        ValueError: it describes none.
    """
    given = dict(document)
    kind = given.pop("kind", None)
    if kind not in KINDS:
        raise ValueError(f"kind: found {kind!r}, expected one of {', '.join(KINDS)}")
    try:
        return KINDS[kind](**given)
    except TypeError as error:
        raise ValueError(f"a happening of kind {kind}: {error}") from None

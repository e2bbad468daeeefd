"""What the mock does to a tenant on a virtual clock, in plain Python: no engine and no store.

It is written from the facts, and shares no code with the mock. Instants are whole microseconds.
"""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

SECOND = 1_000_000
DAY = 86_400 * SECOND
START = 1_767_225_600 * SECOND  # 2026-01-01T00:00:00Z
REFUSED_BY_FAULT = {"status": 503, "redirect": 307, "hang": None, "reset-before-read": None}
CREDENTIALS = {  # what is sent: where the right token stands, and why it is refused
    "header": (["header"], None),
    "basic": (["basic"], None),
    "both": (["header", "basic"], None),
    "one of two wrong": (["header"], (401, "wrong-credential")),
    "wrong": ([], (401, "wrong-credential")),
    "bearer": (["header"], (401, "unsupported-credential")),
    "none": ([], (400, "no-credential")),
}
BODIES = {  # by what is wrong with them: the status and the reason
    b'{"email": "a@example.com"}': None,
    b'{"hit": 1}': None,
    b'{"email": "b@example.com", "hit": 1}': None,
    b'{"long": "' + b"x" * 90 + b'"}': (413, "payload-too-large"),
    b"[1]": (400, "not-an-object"),
    b"no json": (400, "not-json"),
}
MOST_BYTES = 80


@dataclass
class PlainWorkflow:
    """A workflow: the settings that are live, the edits that wait, and its one task's attempts."""

    live: dict[str, Any]
    enabled: bool
    draft: bool
    waiting: dict[str, Any] = field(default_factory=dict)
    attempts: int = 0

    def change(self, edits: dict[str, Any], *, publish: bool = True) -> None:
        self.waiting |= edits
        if publish:
            self.live, self.waiting = {**self.live, **self.waiting}, {}

    def switch(self, *, on: bool) -> None:
        if on:  # edits that wait are published with it
            self.change({})
        self.enabled, self.draft = on, self.draft and not on


@dataclass
class PlainRun:
    workflow: PlainWorkflow
    body: bytes
    received: int
    due: int | None
    by_hand: bool = False
    is_doomed: bool = False
    status: str = "Pending"
    started: int | None = None
    finished: int | None = None
    tries: int = 0

    def shown(self) -> tuple[Any, ...]:
        times = self.received, self.due, self.started, self.finished
        return self.status, self.body, *times, self.by_hand, self.tries


@dataclass
class PlainFault:
    kind: str
    when: tuple[str, Any]
    before: int
    since: int
    first_at: int | None = None

    def is_met(self, number: int, body: bytes, now: int) -> bool:
        name, value = self.when
        first_at = self.first_at = now if self.first_at is None else self.first_at
        return {
            "first": lambda: number - self.before <= value,
            "every": lambda: (number - self.before) % value == 0,
            "between": lambda: value[0] * SECOND <= now - self.since < value[1] * SECOND,
            "sinceFirstCall": lambda: value[0] * SECOND <= now - first_at < value[1] * SECOND,
            "path": lambda: b'"hit"' in body,
        }[name]()


class PlainTenant:
    """A tenant; its settings have the names of the control API."""

    def __init__(self, limits: dict[str, int], assumptions: dict[str, Any]) -> None:
        self.limits, self.assumed = limits, assumptions
        self.now = START
        self.workflows: list[PlainWorkflow] = []
        self.faults: list[PlainFault] = []
        self.calls: list[tuple[Any, ...]] = []
        self.runs: list[PlainRun] = []
        self.window: list[int] = []
        self.seen: set[tuple[str | None, bytes]] = set()
        self.by_day: Counter[int] = Counter()
        self.counts: Counter[str] = Counter()
        self.refused_by: Counter[str] = Counter()
        self.other_by: Counter[str] = Counter()

    def refuses(self, credential: str) -> tuple[int, str] | None:
        if credential == "one of two wrong" and not self.assumed["everyCredentialCounts"]:
            return None
        return CREDENTIALS[credential][1]

    def other(self, status: int, name: str, credential: str | None, trace: str | None) -> None:
        self.other_by[name] += 1
        reason = None if status < 300 else name
        places = None if credential is None else CREDENTIALS[credential][0]
        self.calls.append((status, reason, self.now, trace, places, [], name == "run-now"))

    def receive(
        self, workflow: PlainWorkflow | None, credential: str, body: bytes, trace: str | None
    ) -> None:
        number = self.counts["received"] = self.counts["received"] + 1
        met = [fault.kind for fault in self.faults if fault.is_met(number, body, self.now)]
        refusing = next((kind for kind in met if kind in REFUSED_BY_FAULT), None)
        if refusing:
            refusal = REFUSED_BY_FAULT[refusing], f"fault:{refusing}"
        else:
            refusal = self._judge(workflow, credential, body, met.count("lower-limit"))
        status, reason = refusal or (self._accept(workflow, body, trace, met), None)
        if refusal:
            self.refused_by[reason] += 1
        if not refusal or self.assumed["countRefusedCalls"]:
            self.window.append(self.now)
        if "reset-after-journal" in met:
            status = None
        starts = not refusal and workflow.enabled
        kinds, places = list(dict.fromkeys(met)), CREDENTIALS[credential][0]
        self.calls.append((status, reason, self.now, trace, places, kinds, starts))

    def _judge(self, workflow, credential, body, lowered) -> tuple[int, str] | None:
        if workflow is None:
            return 404, "unknown-trigger"
        if workflow.draft:
            return 404, "workflow-draft"
        if not workflow.enabled and self.assumed["disabledStatus"] == 404:
            return 404, "workflow-disabled"
        refusal = self.refuses(credential)
        if refusal and workflow.live["requireAuthentication"]:
            return refusal
        limit = 1 if lowered else self.limits["callsPerMinute"]
        if sum(map(self._is_in_window, self.window)) >= limit:
            return 429, "rate-limit"
        return BODIES[body]

    def _is_in_window(self, instant: int) -> bool:
        span = self.limits["windowSeconds"] * SECOND
        if self.assumed["window"] == "fixed":
            return instant // span == self.now // span
        return self.now - instant < span

    def _accept(self, workflow, body, trace, met) -> int:
        key = (trace, b"" if trace else body)
        self.counts["duplicates"] += key in self.seen
        self.seen.add(key)
        if not workflow.enabled:
            self.counts["ignored"] += 1
            return self.assumed["disabledStatus"]
        for place in range(1 + met.count("run-twice")):
            self.counts["extraRuns"] += place > 0
            self._start(workflow, body, is_doomed="run-failed" in met)
        return self.assumed["acceptedStatus"]

    def run_now(self, workflow: PlainWorkflow, body: bytes) -> None:
        self.other(201, "run-now", None, None)
        self.counts["extraRuns"] += 1
        is_counted = self.assumed["runNowTakesFromTheDay"]
        self._start(workflow, body, by_hand=True, is_counted=is_counted)

    def _start(self, workflow, body, *, is_counted: bool = True, **more: bool) -> None:
        run = PlainRun(workflow, body, self.now, None, **more)
        self.runs.append(run)
        day = (self.now - self.assumed["dayBeginsAtMinute"] * 60 * SECOND) // DAY
        if is_counted and self.by_day[day] >= self.limits["runsPerDay"]:
            run.status, run.finished = "Failed", self.now
            self.counts["blocked"] += 1
            return
        self.by_day[day] += is_counted
        run.due = self.now + round(self._settings(run)["delay"] * SECOND)

    def _settings(self, run: PlainRun) -> dict[str, Any]:
        takes_edits = run.by_hand and not self.assumed["runNowTakesLiveSettings"]
        return {**run.workflow.live, **(run.workflow.waiting if takes_edits else {})}

    def moments(self) -> list[int]:
        """Return the next instants at which something changes, as far as anybody can see."""
        span = self.limits["windowSeconds"] * SECOND
        at = {instant + span for instant in self.window} | {(self.now // span + 1) * span}
        at |= {run.due for run in self.runs if run.due} | {(self.now // DAY + 1) * DAY}
        at |= {fault.since + 60 * SECOND for fault in self.faults if fault.when[0] == "between"}
        at |= {fault.first_at + 60 * SECOND for fault in self.faults if fault.first_at is not None}
        return sorted(instant for instant in at if instant > self.now)

    def advance(self, seconds: float) -> None:
        end = self.now + round(seconds * SECOND)
        while True:
            due = [run for run in self.runs if run.due is not None and run.due <= end]
            if not due:
                break
            # At one instant first tries go first, and then the order is that of the calls.
            run = min(due, key=lambda one: (one.due, one.started is not None))
            self.now = max(self.now, run.due)
            self._try(run)
        self.now = end

    def _try(self, run: PlainRun) -> None:
        settings, run.due = self._settings(run), None
        run.started = self.now if run.started is None else run.started
        has_failed = run.is_doomed or (settings["task"] is not None and self._fails(run, settings))
        if has_failed and not run.is_doomed and settings["retryTasks"]:
            give_up = run.started + DAY
            if self.now < give_up:
                wait = min(60 * 2 ** (run.tries - 1), 4 * 3_600) * SECOND
                run.due = min(self.now + wait, give_up)
                return
        run.status, run.finished = ("Failed" if has_failed else "Succeeded"), self.now

    def _fails(self, run: PlainRun, settings: dict[str, Any]) -> bool:
        run.tries += 1
        if settings["task"]:
            run.workflow.attempts += 1
        return run.workflow.attempts <= settings["task"] > 0 or b'"email"' not in run.body

    def totals(self) -> dict[str, Any]:
        counts, refused = self.counts, self.refused_by.total()
        statuses = Counter(run.status for run in self.runs)
        return {
            "received": counts["received"],
            "refused": refused,
            "refusedBy": dict(sorted(self.refused_by.items())),
            "accepted": counts["received"] - refused,
            "extraRuns": counts["extraRuns"],
            "ignored": counts["ignored"],
            "succeeded": statuses["Succeeded"],
            "failed": statuses["Failed"] - counts["blocked"],
            "blocked": counts["blocked"],
            "pending": statuses["Pending"],
            "duplicates": counts["duplicates"],
            "otherCalls": self.other_by.total(),
            "otherCallsBy": dict(sorted(self.other_by.items())),
            "complete": True,
        }

"""Validate the settings documents of workflows and tenants, from TOML or JSON.

Keys may be in snake_case (as in TOML) or camelCase (as on the wire). An invalid document is refused
as a whole, with all of its violations.
"""

import marshal
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any, Final

import contracts
from contracts.violations import Violation
from mock_qualtrics.clock import VIRTUAL_START, format_instant, parse_instant
from mock_qualtrics.errors import InvalidSettingsError
from mock_qualtrics.events.field_piping import PIPED
from mock_qualtrics.gate.rate_window import Window, make_window
from mock_qualtrics.model import Microseconds
from mock_qualtrics.settings import Answers, ClockKind, Limits, Settings
from mock_qualtrics.settings import Window as WindowKind
from mock_qualtrics.tenants import json_values
from mock_qualtrics.tenants.key_case import camel_case, camel_case_keys, snake_case
from mock_qualtrics.tenants.workflow import Workflow, WorkflowSettings, settings_from

DEEPEST_NESTING = 100
_MARSHAL_PLAIN = 0  # the form without references: equal documents are equal bytes
VALID: Final[Mapping[str, Sequence[Mapping[str, str]]]] = {
    "tenant-settings": ({"clock": "skipping"}, {"clock": "virtual"}, {"clock": "real"}),
    "workflow-settings": ({"name": "Rehearsal"}, {"name": "Workflow"}),
}
"""By schema, what is asked for where nothing is chosen: valid, and loading the schemas is slow."""


@dataclass(frozen=True, slots=True)
class TenantSettings:
    """The settings with which a tenant is created.

    Attributes:
        start_at: the first instant of a virtual clock.
        count_refused: whether refused calls count against the rate limit too (Q-LIM-5; assumed
            not).
        chosen: the limits and assumptions that somebody chose, as the control API accepts them.
    """

    seed: int
    clock: ClockKind
    start_at: Microseconds
    limits: Limits
    answers: Answers
    window: WindowKind
    count_refused: bool = False
    chosen: Mapping[str, Any] = field(default_factory=dict, compare=False)

    def new_window(self) -> Window:
        """Return an empty window of the rate limit (Q-LIM-1)."""
        return make_window(self.window, self.limits.calls_per_minute, self.limits.window_seconds)

    def under(self, settings: Settings) -> "TenantSettings":
        """Return the settings with the limits and assumptions of this start of the server."""
        return replace(
            self,
            limits=settings.limits,
            answers=settings.answers,
            window=settings.window,
            count_refused=settings.count_refused,
            chosen=_chosen({}, settings),
        )

    def changed(self, changes: Mapping[str, Any]) -> "TenantSettings":
        """Return the settings with other limits and assumptions; what is not named stays.

        Args:
            changes: the schema ``tenant-patch``.

        Raises:
            InvalidSettingsError: the changes are invalid; lists every violation.
        """
        changes = camel_case_keys(changes)
        if violations := _violations(dict(changes), "tenant-patch"):
            raise InvalidSettingsError(violations)
        chosen = {group: {**self.chosen[group], **changes.get(group, {})} for group in self.chosen}
        return tenant_settings({**self.to_document(), **chosen}, Settings())

    def to_document(self) -> dict[str, Any]:
        """Return what is stored: what was chosen, so that a default that changes takes effect.

        Clock, start and seed are stored in any case: ids and journalled instants depend on them.
        """
        shown = self.to_mapping()
        return {name: shown[name] for name in ("clock", "startAt", "seed")} | dict(self.chosen)

    def to_mapping(self) -> dict[str, Any]:
        """Return all settings as the control API accepts them."""
        return {
            "clock": self.clock,
            "startAt": format_instant(self.start_at),
            "seed": self.seed,
            **_limits_and_assumptions(self),
        }


def workflow_settings(document: Mapping[str, Any]) -> WorkflowSettings:
    """Validate a document and return the workflow settings that it describes.

    Raises:
        InvalidSettingsError: the document is invalid; lists every violation.
    """
    if _is_too_deep(document):
        raise InvalidSettingsError(
            [f"$: found nesting deeper than {DEEPEST_NESTING} levels, expected at most that"]
        )
    document = camel_case_keys(document)
    violations = [str(violation) for violation in _violations(document, "workflow-settings")]
    # The schema may have refused some of these already, at the same place.
    reported_places = {violation.partition(": ")[0] for violation in violations}
    violations += [
        reason
        for reason in json_values.reasons(document)
        if reason.partition(": ")[0] not in reported_places
    ]
    # The checks beyond the schema rely on the document having the right shape.
    if not violations:
        violations = [*_bad_delay(document), *_bad_fields(document), *_repeated_ids(document)]
    if violations:
        raise InvalidSettingsError(violations)
    return settings_from(document)


def as_run_now_has_it(workflow: Workflow, answers: Answers) -> Workflow:
    """Return a workflow as "Run now" has it: live, or with the edits that wait (Q-WF-7)."""
    if answers.run_now_takes_live_settings or not workflow.version.waiting:
        return workflow
    return replace(workflow, settings=workflow_settings(workflow.version.next))


def tenant_settings(document: Mapping[str, Any], settings: Settings) -> TenantSettings:
    """Validate a document and return the tenant settings that it describes.

    Args:
        document: the document.
        settings: the server's settings, used for everything that the document leaves out; what
            they have other than the defaults counts as chosen, too.

    Raises:
        InvalidSettingsError: the document is invalid; lists every violation.
    """
    document = camel_case_keys(document)
    if document and (violations := _violations(document, "tenant-settings")):
        raise InvalidSettingsError(violations)
    if unstorable := json_values.reasons(document):
        raise InvalidSettingsError(unstorable)
    assumed = document.get("assumptions", {})
    answers = {snake_case(name): value for name, value in assumed.items()}
    window = answers.pop("window", settings.window)
    count_refused = answers.pop("count_refused_calls", settings.count_refused)
    limits = {snake_case(name): value for name, value in document.get("limits", {}).items()}
    start_at = parse_instant(document["startAt"]) if "startAt" in document else VIRTUAL_START
    return TenantSettings(
        seed=document.get("seed", settings.seed),
        clock=document.get("clock", settings.clock),
        start_at=start_at,
        limits=Limits(**{**_values(settings.limits), **limits}),
        answers=Answers(**{**_values(settings.answers), **answers}),
        window=window,
        count_refused=count_refused,
        chosen=_chosen(document, settings),
    )


def assuming(settings: Settings, assumptions: Mapping[str, Any]) -> Settings:
    """Return the server's settings with other assumptions, named as in the control API.

    Raises:
        InvalidSettingsError: an assumption is invalid; lists every violation.
    """
    assumed = tenant_settings({"assumptions": dict(assumptions)}, settings)
    return replace(
        settings,
        answers=assumed.answers,
        window=assumed.window,
        count_refused=assumed.count_refused,
    )


def _violations(document: dict[str, Any], schema: str) -> Sequence[Violation]:
    """Return a schema's violations; remembered, as all tests of a suite make the same tenant."""
    if document in VALID.get(schema, ()):
        return ()
    try:
        exact = marshal.dumps(document, _MARSHAL_PLAIN)  # as JSON, a tuple would equal a list
    except ValueError:  # holds other than plain values, or is nested too deeply
        return contracts.validate(document, schema)
    return _violations_of(exact, schema)


@lru_cache(maxsize=16)
def _violations_of(exact: bytes, schema: str) -> Sequence[Violation]:
    return contracts.validate(marshal.loads(exact), schema)  # noqa: S302  made just before


def _values(settings: Limits | Answers) -> dict[str, Any]:
    """Return the values by name; ``asdict`` would copy each one, for each test's tenant."""
    return {name: getattr(settings, name) for name in settings.__slots__}


def _limits_and_assumptions(settings: TenantSettings | Settings) -> dict[str, dict[str, Any]]:
    return {
        "limits": {camel_case(name): value for name, value in _values(settings.limits).items()},
        "assumptions": {
            **{camel_case(name): value for name, value in _values(settings.answers).items()},
            "window": settings.window,
            "countRefusedCalls": settings.count_refused,
        },
    }


def _chosen(document: Mapping[str, Any], settings: Settings) -> dict[str, Any]:
    """Return what a camelCase document or the server's flags chose of limits and assumptions."""
    defaults, by_flags = _limits_and_assumptions(Settings()), _limits_and_assumptions(settings)
    return {
        group: {
            name: value
            for name, value in {**by_flags[group], **document.get(group, {})}.items()
            if name in document.get(group, {}) or value != defaults[group][name]
        }
        for group in defaults
    }


def _bad_delay(document: Mapping[str, Any]) -> list[str]:
    delay = document.get("delay", {})
    low, high = delay.get("lowSeconds"), delay.get("highSeconds")
    if low is not None and low > high:
        return [f"$.delay: found lowSeconds {low} over highSeconds {high}, expected at most that"]
    median, p95 = delay.get("medianSeconds"), delay.get("p95Seconds")
    if median is not None and median > p95:
        return [
            f"$.delay: found medianSeconds {median} over p95Seconds {p95}, expected at most that"
        ]
    return []


def _is_too_deep(value: object) -> bool:
    """Return whether the nesting exceeds ``DEEPEST_NESTING``, level by level, without recursion."""
    level = [value]
    for _ in range(DEEPEST_NESTING + 1):
        level = [inner for outer in level for inner in _children(outer)]
        if not level:
            return False
    return True


def _children(value: object) -> Iterable[object]:
    if isinstance(value, Mapping):
        return value.values()
    return value if isinstance(value, list) else ()


def _repeated_ids(document: Mapping[str, Any]) -> list[str]:
    ids = Counter(task["id"] for task in document.get("tasks", ()) if "id" in task)
    return [
        f"$.tasks: found the id {id_!r} more than once, expected each id once"
        for id_, count in sorted(ids.items())
        if count > 1
    ]


def _bad_fields(document: Mapping[str, Any]) -> list[str]:
    names = Counter(field["name"] for field in document.get("fields", ()))
    reasons = [
        f"$.fields: found {name!r} more than once, expected each name once"
        for name, count in sorted(names.items())
        if count > 1
    ]
    # With a piped URL, a sender's event could make this machine call any address.
    for place, task in enumerate(document.get("tasks", ())):
        url = task.get("settings", {}).get("url")
        if task["type"] == "web_service" and isinstance(url, str) and PIPED.search(url):
            reasons.append(
                f"$.tasks[{place}].settings.url: found a piped field, expected a literal URL"
            )
    return reasons

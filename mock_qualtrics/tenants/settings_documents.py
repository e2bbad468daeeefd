"""What people hand in, judged: a workflow's and a tenant's settings, from TOML or from JSON.

Keys may be snake_case (as in TOML) or camelCase (as on the wire). Everything wrong is said at once;
nothing is changed by a wrong one.
"""

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any, Literal

import contracts
from mock_qualtrics.clock import VIRTUAL_START, format_instant, parse_instant
from mock_qualtrics.errors import InvalidSettingsError
from mock_qualtrics.events.field_piping import PIPED
from mock_qualtrics.model import Microseconds
from mock_qualtrics.settings import Answers, Limits, Settings
from mock_qualtrics.settings import Window as WindowKind
from mock_qualtrics.tenants.key_case import camel_case, camel_case_keys, snake_case
from mock_qualtrics.tenants.workflow import WorkflowSettings, settings_from

DEEPEST_NESTING = 100
_ANSWERS = {
    "acceptedStatus": "accepted_status",
    "disabledStatus": "disabled_status",
    "unknownTriggerStatus": "unknown_trigger_status",
    "tooLargeStatus": "payload_status",
    "contentEncodingStatus": "encoding_status",
    "invalidJsonStatus": "not_json_status",
    "notAnObjectStatus": "not_an_object_status",
    "mediaTypeStatus": "media_type_status",
    "wrongMethodStatus": "wrong_method_status",
    "everyCredentialCounts": "every_credential_counts",
    "retryAfter": "rate_limit_headers",
}


@dataclass(frozen=True, slots=True)
class TenantSettings:
    """What is chosen when a tenant is made.

    Attributes:
        start_at: where a virtual clock starts.
        count_refused: refused calls use up the minute too (Q-LIM-5; assumed not to).
    """

    seed: int
    clock: Literal["real", "virtual"]
    start_at: Microseconds
    limits: Limits
    answers: Answers
    window: WindowKind
    count_refused: bool = False

    def under(self, settings: Settings) -> "TenantSettings":
        """Return it with this start's limits and assumptions: the default tenant has no others."""
        return replace(
            self,
            limits=settings.limits,
            answers=settings.answers,
            window=settings.window,
            count_refused=settings.count_refused,
        )

    def to_mapping(self) -> dict[str, Any]:
        """Return it as the control API takes it."""
        answers = asdict(self.answers)
        assumptions = {name: answers[attribute] for name, attribute in _ANSWERS.items()}
        return {
            "clock": self.clock,
            "startAt": format_instant(self.start_at),
            "seed": self.seed,
            "limits": {camel_case(name): value for name, value in asdict(self.limits).items()},
            "assumptions": {
                **assumptions,
                "window": self.window,
                "countRefusedCalls": self.count_refused,
            },
        }


def workflow_settings(given: Mapping[str, Any]) -> WorkflowSettings:
    """Return the settings that a mapping describes.

    Raises:
        InvalidSettingsError: with every reason.
    """
    if _is_too_deep(given):
        raise InvalidSettingsError(
            [f"$: found nesting deeper than {DEEPEST_NESTING} levels, expected at most that"]
        )
    wanted = camel_case_keys(given)
    violations = [str(violation) for violation in contracts.validate(wanted, "workflow-settings")]
    told = {violation.partition(": ")[0] for violation in violations}
    no_numbers = _no_numbers(wanted, "$")
    violations += [one for one in no_numbers if one.partition(": ")[0] not in told]
    if not violations:
        violations = [*_bad_delay(wanted), *_bad_fields(wanted)]
    if violations:
        raise InvalidSettingsError(violations)
    return settings_from(wanted)


def tenant_settings(given: Mapping[str, Any], settings: Settings) -> TenantSettings:
    """Return the settings that a mapping describes; the server's own where it says nothing.

    Raises:
        InvalidSettingsError: with every reason.
    """
    wanted = camel_case_keys(given)
    if wanted and (violations := contracts.validate(wanted, "tenant-settings")):
        raise InvalidSettingsError(violations)
    assumed = wanted.get("assumptions", {})
    answers = {_ANSWERS[name]: value for name, value in assumed.items() if name in _ANSWERS}
    limits = {snake_case(name): value for name, value in wanted.get("limits", {}).items()}
    start_at = parse_instant(wanted["startAt"]) if "startAt" in wanted else VIRTUAL_START
    return TenantSettings(
        seed=wanted.get("seed", settings.seed),
        clock=wanted.get("clock", settings.clock),
        start_at=start_at,
        limits=Limits(**{**asdict(settings.limits), **limits}),
        answers=Answers(**{**asdict(settings.answers), **answers}),
        window=assumed.get("window", settings.window),
        count_refused=assumed.get("countRefusedCalls", settings.count_refused),
    )


def assuming(settings: Settings, assumptions: Mapping[str, Any]) -> Settings:
    """Return the server's settings with other assumptions, named as the control API names them.

    Raises:
        InvalidSettingsError: with every reason.
    """
    found = tenant_settings({"assumptions": dict(assumptions)}, settings)
    return replace(
        settings, answers=found.answers, window=found.window, count_refused=found.count_refused
    )


def _bad_delay(wanted: Mapping[str, Any]) -> list[str]:
    delay = wanted.get("delay", {})
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
    """Tell it without going down so deep: what comes after would run out of stack."""
    level = [value]
    for _ in range(DEEPEST_NESTING + 1):
        level = [inner for outer in level for inner in _inside(outer)]
        if not level:
            return False
    return True


def _inside(value: object) -> Iterable[object]:
    if isinstance(value, Mapping):
        return value.values()
    return value if isinstance(value, list) else ()


def _no_numbers(value: Any, where: str) -> list[str]:  # noqa: ANN401  any TOML value
    if isinstance(value, Mapping):
        parts = [_no_numbers(item, f"{where}.{key}") for key, item in value.items()]
        return [reason for part in parts for reason in part]
    if isinstance(value, list):
        parts = [_no_numbers(item, f"{where}[{place}]") for place, item in enumerate(value)]
        return [reason for part in parts for reason in part]
    if isinstance(value, float) and not math.isfinite(value):
        return [f"{where}: found {value}, expected a number that JSON has"]
    return []


def _bad_fields(wanted: Mapping[str, Any]) -> list[str]:
    names = Counter(one["name"] for one in wanted.get("fields", ()))
    found = [
        f"$.fields: found {name!r} more than once, expected each name once"
        for name, count in sorted(names.items())
        if count > 1
    ]
    for place, task in enumerate(wanted.get("tasks", ())):
        url = task.get("settings", {}).get("url")
        if task["type"] == "web_service" and isinstance(url, str) and PIPED.search(url):
            found.append(
                f"$.tasks[{place}].settings.url: found a piped field, expected a literal URL"
            )
    return found

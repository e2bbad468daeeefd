"""A soak as JSON."""

import json
from typing import Any

from contracts import __version__
from loadtests.soak.findings import Finding, verdicts_of
from loadtests.soak.observed import Observed


def soak_json(observed: Observed, found: tuple[Finding, ...]) -> bytes:
    """Return what was seen, and what it came to, as a JSON object on lines, in UTF-8."""
    return (json.dumps(to_mapping(observed, found), indent=2, ensure_ascii=False) + "\n").encode()


def to_mapping(observed: Observed, found: tuple[Finding, ...]) -> dict[str, Any]:
    """Return it as a JSON object with camelCase keys; samples have the names of their fields."""
    plan, ending = observed.plan, observed.ending
    return {
        "version": __version__,
        "exitCode": verdicts_of(found).exit_code,
        "begunAt": observed.begun_at.isoformat(),
        "seconds": plan.seconds,
        "seed": plan.seed,
        "findings": [
            {"name": each.name, "outcome": each.outcome.value, "found": each.found}
            for each in found
        ],
        "ending": {
            "answered": ending.answered,
            "exitCode": ending.exit_code,
            "seconds": ending.seconds,
        },
        "left": list(observed.left),
        "intervalSeconds": plan.interval_seconds,
        "samples": [None if each is None else each._asdict() for each in observed.samples],
        "loads": dict(observed.results),
    }

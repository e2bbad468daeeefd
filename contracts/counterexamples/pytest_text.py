"""The pytest test that fails as long as a stored failure does. Pure."""

import re

from contracts.counterexamples.stored import Stored

_TEST = '''"""{name}: {purpose}

Stored by the conformance suite of mock-qualtrics; it passes once the connector is mended.
"""

from pathlib import Path

from contracts.counterexamples.replaying import Answer, replay


def test_{function}() -> None:
    finding = replay(Path(__file__).parent)
    assert finding.answer is Answer.FIXED, str(finding)
'''


def text_of(stored: Stored) -> str:
    """Return the test of a stored failure; it reads the folder that it stands in."""
    scenario = stored.scenario
    purpose = scenario.purpose.replace("\\", "\\\\").replace('"""', "'''")
    function = re.sub(r"\W", "_", scenario.name)
    return _TEST.format(name=scenario.name, purpose=purpose, function=function)


def file_name(stored: Stored) -> str:
    """Return the test's file name: one of its own for each scenario, as pytest wants it."""
    return f"test_{re.sub(r'[^0-9A-Za-z]', '_', stored.scenario.name)}.py"

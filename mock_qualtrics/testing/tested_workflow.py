"""A workflow of a test's tenant: its settings as attributes, and its test button."""

import json
from collections.abc import Mapping
from typing import Any

from mock_qualtrics.testing.backend import Backend
from mock_qualtrics.testing.records import Record


class TestedWorkflow(Record):
    """A workflow as the control API shows it; each key is also an attribute, in snake_case.

    Args:
        backend: the mock.
        shown: the workflow's document.
    """

    __test__ = False  # pytest must not take it for a class of tests

    def __init__(self, backend: Backend, shown: Mapping[str, Any]) -> None:
        super().__init__(shown)
        self._backend = backend

    def run_now(self, event: Mapping[str, Any] | None = None) -> Record:
        """Start a run without a call, as the test button does; return it (Q-WF-7).

        No credential is asked for, nothing is taken from the minute, and conditions count as met:
        a real call might not succeed, which the run's ``hints`` say. A draft runs as well.

        Args:
            event: as a call would have it in its body; by default an empty object.
        """
        return run_record(self._backend.run_now(str(self["id"]), json.dumps(event or {}).encode()))


def run_record(run: Mapping[str, Any]) -> Record:
    """Return a run whose keys, and those of its tasks, are also attributes."""
    return Record({**run, "tasks": [Record(task) for task in run["tasks"]]})

"""What the tests of all parts of the sender share."""

import dataclasses

import pytest

from sender.transport.base import Endpoint


@pytest.fixture
def patience_seconds() -> float:
    """How long an answer may take; override it where one is awaited in vain."""
    return 60.0


@pytest.fixture
def patient_sender(patience_seconds: float, monkeypatch: pytest.MonkeyPatch) -> None:
    """Lose no answer because the machine is slow: each would be asked for again, and counted."""
    of = Endpoint.of

    def patient(*given: object) -> Endpoint:
        return dataclasses.replace(
            of(*given),
            connect_timeout_seconds=patience_seconds,
            read_timeout_seconds=patience_seconds,
        )

    monkeypatch.setattr(Endpoint, "of", patient)

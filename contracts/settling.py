"""Waiting until a tenant of a mock has nothing to do any more."""

from collections.abc import Callable
from typing import Final

from contracts.control_client import ControlClient
from contracts.errors import ControlNotReadyError, ControlRefusedError

WAIT_SECONDS: Final = 1.0
"""How long one wait takes at most."""

_NOT_WITHOUT_ADVANCING: Final = 409


def wait_until_settled(
    control: ControlClient, tenant_id: str, seconds: float, monotonic: Callable[[], float]
) -> bool:
    """Wait until no run of a tenant is pending, or the time is over; return whether none is.

    A clock that skips jumps to what is due; a virtual one is not moved.

    Args:
        control: the mock's control API.
        tenant_id: the tenant's.
        seconds: how long to wait at most.
        monotonic: returns seconds that never go backwards.

    Raises:
        ControlError: the mock does not answer.
    """
    deadline = monotonic() + seconds
    while (totals := control.totals(tenant_id))["pending"]:
        left = deadline - monotonic()
        if left <= 0 or not _wait_for_one_more(control, tenant_id, totals["succeeded"], left):
            return False
    return True


def _wait_for_one_more(
    control: ControlClient, tenant_id: str, succeeded: int, seconds: float
) -> bool:
    """Wait for one more run; return whether to go on."""
    timeout = min(seconds, WAIT_SECONDS)
    try:
        control.wait(tenant_id, timeout_seconds=timeout, succeeded=succeeded + 1)
    except ControlNotReadyError:
        return True  # one may have failed instead, or is not due yet
    except ControlRefusedError as error:
        if error.status != _NOT_WITHOUT_ADVANCING:
            raise
        return False
    return True

"""Which mock a trigger URL belongs to, if any: its control API, tenant and workflow."""

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

from contracts.addresses import shown_address
from contracts.control_client import ControlClient, Document, control_url_of
from contracts.control_explanations import explanation
from contracts.errors import (
    ControlAnswerError,
    ControlError,
    ControlRefusedError,
    ControlUnreachableError,
)
from sender.dataflow.digests import workflow_digest
from sender.dataflow.trigger_url import redacted_url

REAL_CLOCK: Final = "real"
_OPTION: Final = "--control-url"


class TargetError(ValueError):
    """The target, or its control API, cannot be used; the text says why, without a token."""


@dataclass(frozen=True, slots=True)
class Mock:
    """A mock that answers a trigger URL.

    Attributes:
        control: a client of its control API; the caller of :func:`find_mock` closes it.
        tenant_id: the tenant's whose workflow it is.
        workflow_id: the workflow's.
        clock: the kind of the tenant's clock; only of a ``real`` one instants are the generator's.
    """

    control: ControlClient
    tenant_id: str
    workflow_id: str
    clock: str = REAL_CLOCK


def find_mock(
    trigger_url: str, control_url: str | None = None, control_token: str | None = None
) -> Mock | None:
    """Return the mock behind a trigger URL; None: what answers there is no mock.

    Args:
        trigger_url: what messages are posted to.
        control_url: any URL of the mock, where it is told; None: the trigger URL's own server is
            asked whether it has a control API.
        control_token: for a mock that was started with one.

    Raises:
        TargetError: nothing answers, a web page does, the control token is missing or wrong, or no
            workflow of the mock has the URL.
    """
    control = ControlClient(control_url_of(control_url or trigger_url), control_token)
    with contextlib.ExitStack() as unless_found:
        unless_found.callback(control.close)
        with _explained(control, has_token=bool(control_token)):
            if not _has_control_api(control, is_told=control_url is not None):
                return None
            found = _mock_of(control, trigger_url)
        unless_found.pop_all()
        return found


def _has_control_api(control: ControlClient, *, is_told: bool) -> bool:
    """Tell a mock from any other server.

    A web page for an answer means that the URL is not one to post messages to; any other answer
    that is not a control API's is as good as Qualtrics' own.
    """
    try:
        control.health()
    except ControlRefusedError as error:
        if is_told or (error.status == HTTPStatus.UNAUTHORIZED and error.title):
            raise
        return False
    except ControlAnswerError as error:
        if is_told or error.missing is None:
            raise
        return False
    return True


def _mock_of(control: ControlClient, trigger_url: str) -> Mock:
    wanted = workflow_digest(trigger_url)
    for tenant in control.tenants():
        for workflow in tenant["workflows"]:
            if wanted in _digests(workflow):
                return Mock(
                    control,
                    str(tenant["id"]),
                    str(workflow["id"]),
                    str(tenant.get("clock", REAL_CLOCK)),
                )
    raise TargetError(
        f"{_shown(control)}: no workflow of the mock has the URL {redacted_url(trigger_url)}; "
        "expected a trigger URL that it prints: was it started anew, or is it another mock's?"
    )


def _digests(workflow: Document) -> tuple[str, str]:
    return workflow_digest(workflow["triggerUrl"]), workflow_digest(workflow["legacyTriggerUrl"])


@contextlib.contextmanager
def _explained(control: ControlClient, *, has_token: bool) -> Iterator[None]:
    try:
        yield
    except ControlAnswerError as error:
        what = "no JSON, perhaps a web page" if error.missing is None else error.detail
        raise TargetError(
            f"{_shown(control)}: it answers {what}; expected a mock, or a trigger URL of Qualtrics"
        ) from error
    except ControlError as error:
        why = explanation(error, has_token=has_token, option=_OPTION, takes_file=False)
        hint = ": does it run, and at this address?" * isinstance(error, ControlUnreachableError)
        raise TargetError(f"{_shown(control)}: {why}{hint}") from error


def _shown(control: ControlClient) -> str:
    return shown_address(control.control_url)

"""Says in one sentence why a mock's control API could not be asked: for the commands that ask."""

from typing import Final

from contracts.errors import (
    ControlAnswerError,
    ControlError,
    ControlRefusedError,
    ControlUnreachableError,
    NoAnswer,
)

UNAUTHORIZED: Final = 401
_NOT_FOUND: Final = 404
_SET_TOKEN: Final = "set MOCK_QUALTRICS_CONTROL_TOKEN"  # noqa: S105  no token
_GIVE_TOKEN: Final = f"give --control-token-file FILE, or {_SET_TOKEN}"
_NO_ANSWER: Final = {
    NoAnswer.NO_CONNECTION: "nothing answers there",
    NoAnswer.CONNECT_TIMEOUT: "nothing answers there",
    NoAnswer.READ_TIMEOUT: "it has not answered in time",
    NoAnswer.UNTRUSTED_CERTIFICATE: (
        "no TLS that is trusted: is it http? Else point REQUESTS_CA_BUNDLE at the CA of serve --tls"
    ),
}


def explanation(
    error: ControlError, *, has_token: bool, option: str = "--url", takes_file: bool = True
) -> str:
    """Return what went wrong, to follow ``the mock at …:``.

    Args:
        error: why it could not be asked.
        has_token: whether a control token was given.
        option: the option that names the mock.
        takes_file: whether the command has ``--control-token-file``.
    """
    if isinstance(error, ControlRefusedError):
        give = _GIVE_TOKEN if takes_file else _SET_TOKEN
        refusal = _refusal(error, give, has_token=has_token, option=option)
        return f"it answered {error.status}: {refusal}"
    if isinstance(error, ControlUnreachableError):
        return _NO_ANSWER.get(error.reason, error.detail) + error.note
    return error.detail if isinstance(error, ControlAnswerError) else str(error)


def _refusal(error: ControlRefusedError, give: str, *, has_token: bool, option: str) -> str:
    if error.status == UNAUTHORIZED:
        if has_token:
            return f"the control token is not the one that it was started with; {give}"
        return give
    details = "; ".join(filter(None, (error.title, *error.violations)))
    if not details and error.status == _NOT_FOUND:
        return f"there is no control API; {option} is the mock's own address, http://HOST:PORT"
    return details or "without a reason"

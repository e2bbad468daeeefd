"""The outcomes of an attempt, and how a report describes them. Pure."""

import dataclasses
from dataclasses import dataclass

GATEWAY_TIMEOUT = 504
TOO_MANY_REQUESTS = 429
PROXY_WANTS_CREDENTIAL = 407
LOST_ANSWER = "LOST_ANSWER"
NOT_CONNECTED = "NOT_CONNECTED"
NO_CREDENTIAL = "ATP_2"

_HOPELESS = {
    401: "the destination does not know the credential: check the username and QUALTRICS_API_TOKEN",
    404: "no enabled workflow is at this URL: the URL is wrong, or its workflow is a draft that "
    "was never enabled, or it is disabled; compare the dataflow's url with the JSON Event's",
    405: "the URL takes no POST: compare the dataflow's url with the JSON Event's",
    PROXY_WANTS_CREDENTIAL: "the proxy wants a credential of its own: check the proxy settings",
    410: "the workflow is gone: compare the dataflow's url with the JSON Event's",
}

_URL_IN_DOUBT = {404, 405, 410}
_PLAIN_HTTP_ANSWERED = ("wrong_version_number", "wrong version number", "unexpected tls packet")
_NO_TLS = (
    "the URL says https, and the server there answers in plain HTTP, without TLS: write http:// "
    "for a server on this machine, or the port at which it speaks TLS"
)


@dataclass(frozen=True, slots=True)
class Answered:
    """The destination answered.

    Attributes:
        status: the HTTP status.
        retry_after: the raw ``Retry-After`` header: seconds or an HTTP date.
        error_code: the envelope's ``errorCode`` (Q-ENV-1).
        description: the envelope's ``errorMessage``, with secrets hidden.
        location: where a redirect leads, without its query.
    """

    status: int
    retry_after: str | None = None
    error_code: str | None = None
    description: str = ""
    location: str = ""

    @property
    def activated(self) -> bool:
        """Whether the destination accepted the call: any 2xx (Q-ENV-2)."""
        return 200 <= self.status < 300  # noqa: PLR2004  HTTP's own class of success


@dataclass(frozen=True, slots=True)
class Lost:
    """The call was sent and no answer came back: it may have been executed."""

    reason: str


@dataclass(frozen=True, slots=True)
class NotConnected:
    """No connection was made: the call was certainly not executed."""

    reason: str


@dataclass(frozen=True, slots=True)
class Impossible:
    """The configuration allows no call, for example because a certificate is not trusted."""

    reason: str


Outcome = Answered | Lost | NotConnected | Impossible


def answer_was_lost(outcome: Outcome) -> bool:
    """Return whether the attempt may have been executed although no answer came (Q-FAULT-2)."""
    return isinstance(outcome, Lost) or (
        isinstance(outcome, Answered) and outcome.status == GATEWAY_TIMEOUT
    )


def was_throttled(outcome: Outcome) -> bool:
    """Return whether the destination refused the call because of its rate limit (Q-LIM-1)."""
    return isinstance(outcome, Answered) and outcome.status == TOO_MANY_REQUESTS


def without_tunnel(status: int | None) -> "NotConnected | Impossible":
    """Return the outcome of a call whose proxy refused to open a tunnel.

    Args:
        status: the status that the proxy answered; None if unknown.
    """
    if status == PROXY_WANTS_CREDENTIAL:
        return Impossible(f"{_HOPELESS[status]} (status {status})")
    return NotConnected(f"no connection: the proxy makes no tunnel (status {status or 'unknown'})")


def tls_failed(reason: str, detail: str) -> Impossible:
    """Return the outcome of a call for which no TLS connection could be made.

    Args:
        reason: what the library calls it, without secrets.
        detail: its longer text; it only decides which sentence is right.
    """
    if any(text in detail.lower() for text in _PLAIN_HTTP_ANSWERED):
        return Impossible(_NO_TLS)
    return Impossible(f"TLS failed: {reason}; is REQUESTS_CA_BUNDLE right?")


def noting(outcome: Outcome, note: str) -> Outcome:
    """Return a failed outcome with an addition to what happened, which an envelope never gets."""
    if not note:
        return outcome
    if not isinstance(outcome, Answered):
        return dataclasses.replace(outcome, reason=outcome.reason + note)
    if outcome.description or outcome.error_code:
        return outcome
    return dataclasses.replace(outcome, description=describe(outcome) + note)


def error_code_of(outcome: Outcome) -> str:
    """Return the code under which a report counts an outcome: the envelope's, or the status."""
    if isinstance(outcome, Answered):
        return outcome.error_code or str(outcome.status)
    return LOST_ANSWER if isinstance(outcome, Lost) else NOT_CONNECTED


def cause_of(outcome: Outcome) -> str:
    """Return in a few words why a call failed, by its status: an envelope's text may be long."""
    if not isinstance(outcome, Answered):
        return outcome.reason
    too_many = ", one call too many" if was_throttled(outcome) else ""
    return f"the destination answered {outcome.status}{too_many}"


def describe(outcome: Outcome) -> str:
    """Return what happened, as text for a report."""
    if isinstance(outcome, Answered):
        where = f", a redirect to {outcome.location}" if outcome.location else ""
        return outcome.description or f"the destination answered {outcome.status}{where}"
    return outcome.reason


def hopeless_reason(outcome: Outcome) -> str | None:
    """Return why every other message would fail in the same way; None if others could succeed."""
    if isinstance(outcome, Impossible):
        return outcome.reason
    if not isinstance(outcome, Answered):
        return None
    if _redirects(outcome):
        where = f" to {outcome.location}" if outcome.location else ""
        return (
            f"the URL redirects{where} (status {outcome.status}), and a credential is not carried "
            "along: write the final address into the dataflow"
        )
    if outcome.error_code == NO_CREDENTIAL:
        return "the destination saw no credential (ATP_2): does a proxy drop the header?"
    reason = _HOPELESS.get(outcome.status)
    return None if reason is None else f"{reason} (status {outcome.status})"


def is_of_this_machine(outcome: Outcome) -> bool:
    """Return whether what is wrong is this machine's set-up, which the destination never saw.

    A certificate that is not trusted, or a proxy that wants a credential: no policy of Adobe's says
    what to do then.
    """
    if isinstance(outcome, Answered):
        return outcome.status == PROXY_WANTS_CREDENTIAL
    return isinstance(outcome, Impossible)


def puts_url_in_doubt(outcome: Outcome) -> bool:
    """Return whether the URL may be wrong, so that the same call would fail in the same way."""
    if not isinstance(outcome, Answered):
        return False
    return _redirects(outcome) or outcome.status in _URL_IN_DOUBT


def _redirects(answer: Answered) -> bool:
    return 300 <= answer.status < 400  # noqa: PLR2004  HTTP's own class of redirects

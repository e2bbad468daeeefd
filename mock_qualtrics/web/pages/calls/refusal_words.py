"""Every reason for which a call starts nothing: what it is called, what it means, what to do. Pure.

`explained_calls` says the same of one call, with what is known of it.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, NamedTuple

from mock_qualtrics.faults.effects import KINDS
from mock_qualtrics.gate.attribution import TRIGGER_PATH
from mock_qualtrics.journal import IGNORED
from mock_qualtrics.journal.counters import NOT_STORED

STORE_FAILED: Final = "store-failed"
"""Stands for a call that was answered 503 because it could not be stored in time."""
_FAULT: Final = "fault:"
_TOKEN: Final = "Send the tenant's API token, which Controls has, as the password"  # noqa: S105  advice
_URL: Final = "Call the workflow's whole trigger URL, which Workflows has"


class Words(NamedTuple):
    """What is said of a reason.

    Attributes:
        label: what it is called, in a few words, which tell it from every other.
        said: what it means, in a sentence.
        fix: what to do about it, in a sentence.
    """

    label: str
    said: str
    fix: str


WORDS: Final[Mapping[str, Words]] = MappingProxyType(
    {
        "unknown-path": Words(
            "wrong path",
            "There is nothing at this path.",
            f"{_URL}: its path is {TRIGGER_PATH}.",
        ),
        "method": Words(
            "wrong method",
            "The method is not the one that this address takes.",
            "Send the event with POST; whoami alone takes GET.",
        ),
        "unknown-trigger": Words(
            "wrong URL", "This URL's token names no workflow.", f"{_URL}, to its last character."
        ),
        "workflow-draft": Words(
            "never enabled",
            "The workflow was never enabled, so its URL is answered like a wrong one.",
            "Enable the workflow, and send the call again.",
        ),
        "workflow-disabled": Words(
            "disabled",
            "The workflow was disabled, so the call was refused.",
            "Enable the workflow, and send the call again.",
        ),
        IGNORED: Words(
            "disabled, ignored",
            "The workflow was disabled: the call was answered as a success, and started nothing.",
            "Enable the workflow, and send the call again: the caller takes it for delivered.",
        ),
        "no-credential": Words(
            "no token",
            "The call has neither the header X-API-TOKEN nor HTTP Basic.",
            f"{_TOKEN}; or have the workflow require no authentication.",
        ),
        "wrong-credential": Words(
            "wrong token",
            "The API token is not this tenant's.",
            f"{_TOKEN}, and the tenant's username as the username.",
        ),
        "malformed-credential": Words(
            "unreadable token",
            "The header Authorization is no HTTP Basic that can be read.",
            "Send Basic and the base64 of username:api-token, or the header X-API-TOKEN.",
        ),
        "unsupported-credential": Words(
            "not Basic",
            "The header Authorization has another scheme than Basic; OAuth is refused, too.",
            "Send the header X-API-TOKEN, or HTTP Basic with username:api-token.",
        ),
        "rate-limit": Words(
            "minute limit",
            "The brand's calls of a minute were used up.",
            "Send it again after a minute, and from then on fewer calls a minute.",
        ),
        "payload-too-large": Words(
            "too large",
            "The body is larger than the limit.",
            "Map fewer attributes, or shorter ones: a payload cannot be split.",
        ),
        "content-encoding": Words(
            "compressed",
            "The body has a Content-Encoding.",
            "Send the body uncompressed, without this header.",
        ),
        "media-type": Words(
            "wrong media type",
            "The Content-Type is not that of JSON in UTF-8.",
            "Send Content-Type: application/json.",
        ),
        "not-json": Words(
            "not JSON",
            "The body is not valid JSON.",
            "Correct what writes the body; the call's own page shows it.",
        ),
        "not-an-object": Words(
            "not an object",
            "The body is JSON, but not an object.",
            'Send one event a call, as an object: {"name": "value"}.',
        ),
        NOT_STORED: Words(
            "not stored",
            "The database refused the call's row because of its data; the caller was answered 503.",
            "See the server's log, which names the call; then send it again.",
        ),
        STORE_FAILED: Words(
            "store failed",
            "The database could not be written in time: the caller was answered 503, and the call "
            "was stored later.",
            "See the server's log. A caller that sends it again starts a second run.",
        ),
    }
)
"""By the name that totals and the control API have for the reason; faults are not among them."""

_OF_FAULTS: Final = "Remove the fault, on Controls, once the connector copes with it."


def words(reason: str) -> Words:
    """Return what is said of a reason.

    Example:
        >>> words("unknown-trigger").label, words("fault:status").label
        ('wrong URL', 'fault: status')
    """
    if reason in WORDS:
        return WORDS[reason]
    kind = reason.removeprefix(_FAULT)
    if kind != reason and kind in KINDS:
        return Words(f"fault: {kind}", f"On purpose, by the {KINDS[kind].explanation}", _OF_FAULTS)
    return Words(
        reason, f"The call was refused: {reason}.", "See the answer on the call's own page."
    )

"""A run's event as people read it: indented, masked, cut when it is large, and sent by curl."""

from collections.abc import Collection
from typing import Any, Final

from mock_qualtrics.events.indented_json import indented
from mock_qualtrics.web.curl_line import curl_line
from mock_qualtrics.web.pages.masked import masked

LARGE_CHARACTERS: Final = 4_000
"""A larger event is folded away, and a command line has it as a file."""
MOST_CHARACTERS: Final = 20_000
"""Of a larger event the page has the beginning; the whole of it is a file to download."""


def event_view(
    text: str,
    identities: Collection[str],
    trigger_url: str,
    file_name: str,
    *,
    revealed: bool,
    ca_file: str | None = None,
) -> dict[str, Any]:
    """Return what the page shows of an event.

    Args:
        text: the body as it came.
        identities: those in it.
        trigger_url: the URL that the curl line sends it to.
        file_name: of the event as a file.
        revealed: whether identities are shown; only then the text is there to be copied.
        ca_file: the certificate authority that the curl line names, with ``--tls``.
    """
    pretty = indented(text, MOST_CHARACTERS)
    is_large = len(text) > LARGE_CHARACTERS
    # Without identities in the page, a command cannot have the event in it.
    sent = text if revealed and not is_large else f"@{file_name}"
    return {
        "pretty": pretty if revealed else masked(pretty, identities),
        "raw": _raw(text, identities, revealed=revealed) if not is_large else None,
        "copy": text if revealed and not is_large else None,
        "revealed": revealed,
        "is_large": is_large,
        "is_cut": len(text) > MOST_CHARACTERS,
        "size": len(text.encode()),
        "file": file_name if sent.startswith("@") else None,
        "curl": curl_line(trigger_url, sent, None, ca_file),
    }


def _raw(text: str, identities: Collection[str], *, revealed: bool) -> str:
    return text if revealed else masked(text, identities)

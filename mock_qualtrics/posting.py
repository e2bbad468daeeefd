"""Posts an event to a URL that was judged before; apart, for what it imports is slow to load."""

import http.client
import urllib.error
import urllib.request
from collections.abc import Mapping
from typing import Final

from mock_qualtrics.errors import CallFailedError

TIMEOUT_SECONDS: Final = 5.0


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """A redirect is an answer like any other that is no success: nothing is called twice."""

    def redirect_request(self, *_given: object) -> None:
        return None


_opener = urllib.request.build_opener(_NoRedirect, urllib.request.ProxyHandler({}))


def post(url: str, event: bytes, headers: Mapping[str, str]) -> None:
    """Post the event and expect a success.

    Raises:
        CallFailedError: nobody answered, or with no success.
    """
    request = urllib.request.Request(url, event, dict(headers), method="POST")  # noqa: S310  judged
    try:
        with _opener.open(request, timeout=TIMEOUT_SECONDS):
            return
    except urllib.error.HTTPError as error:
        error.close()
        raise CallFailedError(f"the web service answered {error.code}") from None
    except (OSError, ValueError, http.client.HTTPException) as error:
        reason = getattr(error, "reason", error)
        raise CallFailedError(f"the web service could not be called: {reason}") from None

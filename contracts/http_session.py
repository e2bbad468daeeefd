"""The HTTP session of everything in the project that calls somebody with requests."""

from typing import Any

from requests import Response, Session


class HttpSession(Session):
    """A session that never reads where a redirect leads.

    requests parses the ``Location`` of every redirect, also of one that is not followed, and raises
    what the parser raises. No caller here follows one by itself: a credential must not travel.
    """

    def get_redirect_target(self, resp: Response) -> Any:  # noqa: ANN401, ARG002  as its base's
        """Return None: there is nothing to follow."""
        return None

"""Forms that change something: only those of our own pages are taken.

Each form has a hidden token, which another site cannot read. Beside it the rules of `access` hold:
a foreign ``Origin`` is refused.
"""

import hmac
import secrets
from typing import Final

from flask import Flask, current_app, redirect, request
from werkzeug.wrappers import Response

from mock_qualtrics.web.context import HEAD_ONLY_KEY
from mock_qualtrics.web.request_guard import CallerRefusedError

FIELD: Final = "form-token"
_STATE: Final = "mock_qualtrics.form_token"
_WITHOUT_TOKEN: Final = frozenset({"pages.log_in"})  # it asks for the control token instead


def init_app(app: Flask) -> None:
    """Give the app the token of its forms, a new one at each start."""
    app.extensions[_STATE] = secrets.token_urlsafe(24)


def token() -> str:
    """Return the token that each form has in its hidden field."""
    return str(current_app.extensions[_STATE])


def refuse_foreign_form() -> None:
    """Refuse a form without the token.

    Raises:
        CallerRefusedError: the request would change something and does not have the token.
    """
    if request.method in ("GET", "HEAD", "OPTIONS") or request.endpoint in _WITHOUT_TOKEN:
        return
    if request.environ.get(HEAD_ONLY_KEY):  # it is asked again once the form is read
        return
    if not hmac.compare_digest(request.form.get(FIELD, "").encode(), token().encode()):
        raise CallerRefusedError(
            "This form is not one of this server's pages as they are now, perhaps because the "
            "server was started again: reload the page and send the form once more",
            403,
        )


def see(url: str) -> Response:
    """Return the answer to a form that was done: look there, with GET."""
    return redirect(url, 303)

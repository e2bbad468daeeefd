"""Apply the rules of `access` to the current request, for the control API and the pages."""

from collections.abc import Mapping
from types import MappingProxyType

from flask import request

from mock_qualtrics.web import access
from mock_qualtrics.web.context import current_engine
from mock_qualtrics.web.public_url import host_of

_NO_HEADERS: Mapping[str, str] = MappingProxyType({})


class CallerRefusedError(Exception):
    """The caller may not use the control API or the pages."""

    def __init__(self, message: str, status: int, headers: Mapping[str, str] = _NO_HEADERS) -> None:
        super().__init__(message)
        self.status = status
        self.headers = headers


def require_access() -> None:
    """Refuse a foreign Host or Origin, and a request without the control token.

    Raises:
        CallerRefusedError: the request is refused; the message says what is required.
    """
    refuse_foreign_pages()
    control_token = current_engine().settings.control_token
    cookie = request.cookies.get(access.COOKIE)
    authorization = request.headers.get("Authorization")
    if control_token and not access.shows_token(authorization, cookie, control_token):
        raise CallerRefusedError(
            "Expected the control token: Authorization: Bearer TOKEN, or log in at /login",
            401,
            {"WWW-Authenticate": 'Bearer realm="mock-qualtrics"'},
        )


def refuse_foreign_pages() -> None:
    """Refuse a foreign Host or Origin.

    Raises:
        CallerRefusedError: the request is refused; the message names the flag that allows a host.
    """
    settings = current_engine().settings
    allowed = settings.allowed_hosts
    if settings.public_url is not None:
        allowed += (host_of(settings.public_url),)
    host, origin = request.headers.get("Host", ""), request.headers.get("Origin")
    local_address = str(request.environ.get("SERVER_NAME", ""))
    if not access.is_own_host(host, local_address, allowed):
        raise CallerRefusedError(
            "Unknown Host: serve with --public-url URL or --allowed-host NAME to allow it", 403
        )
    if origin is not None and not access.is_own_origin(origin, host, allowed):
        raise CallerRefusedError("Foreign Origin: another site may not call this", 403)

"""``GET /events``: server-sent events, one for each change of a tenant (docs/pages.md).

The route judges the request. A server that can keep the answer open hands in a `StreamWish`, which
is filled, and tells the changes itself; under any other server the answer says what is new and
ends, and a browser's EventSource asks again after ``retry``.
"""

from typing import TYPE_CHECKING, Final

from flask import Blueprint, Response, request

from mock_qualtrics.errors import MockError
from mock_qualtrics.journal import UNATTRIBUTED
from mock_qualtrics.web.changes import messages
from mock_qualtrics.web.changes.positions import standing_of
from mock_qualtrics.web.context import STREAM_KEY, current_engine
from mock_qualtrics.web.control import inputs
from mock_qualtrics.web.control.answers import problem
from mock_qualtrics.web.control.problems import status_of
from mock_qualtrics.web.pages.layout import chosen_tenant
from mock_qualtrics.web.request_guard import CallerRefusedError

if TYPE_CHECKING:
    from mock_qualtrics.model import StreamWish

_HEADERS: Final = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
_PARAMETERS: Final = frozenset({"tenant", "after"})


def register(blueprint: Blueprint) -> None:
    """Add the route; its errors are those of the control API, as no person reads them."""
    part = Blueprint("live", __name__)
    part.get("/events")(events)
    part.register_error_handler(CallerRefusedError, _refused)
    part.register_error_handler(inputs.BadRequestError, _bad_request)
    part.register_error_handler(MockError, _mock_error)
    blueprint.register_blueprint(part)


def events() -> Response:
    """Tell what changed since a position, and each change from then on."""
    query = inputs.parameters(_PARAMETERS)
    tenant = chosen_tenant(query.get("tenant"))
    number = UNATTRIBUTED if tenant is None else tenant.number
    after = request.headers.get("Last-Event-ID") or query.get("after", "")
    wish: StreamWish | None = request.environ.get(STREAM_KEY)
    if wish is not None:
        wish.tenant_number, wish.after = number, after
        return _answer(b"")
    news = messages.news(standing_of(current_engine(), number), after)
    return _answer(messages.RETRY + (news or messages.COMMENT))


def _answer(body: bytes) -> Response:
    return Response(body, 200, _HEADERS, content_type=messages.MEDIA_TYPE)


def _refused(error: CallerRefusedError) -> Response:
    return problem(error.status, str(error), headers=error.headers)


def _bad_request(error: inputs.BadRequestError) -> Response:
    return problem(error.status, str(error))


def _mock_error(error: MockError) -> Response:
    return problem(status_of(error), str(error))

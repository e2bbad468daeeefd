"""Puts the Flask app together, and the ASGI callable in front of it. Nothing else.

`create_app` is complete by itself, for any WSGI server and for Flask's test client. `asgi_app` is
what `serve` and the in-process server run: trigger paths go to the ASGI front door, everything
else to the Flask app on a pool of threads, so that a `wait` starves nobody.
"""

import sys
import urllib.parse
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from flask import Flask

from mock_qualtrics.engine import Engine
from mock_qualtrics.gate.attribution import is_trigger_path
from mock_qualtrics.server.trigger_endpoint import CarryOut, Receive, Scope, Send, TriggerEndpoint
from mock_qualtrics.settings import Settings
from mock_qualtrics.web import control, pages, trigger_routes
from mock_qualtrics.web.control.inputs import LARGEST_BODY_BYTES

if TYPE_CHECKING:
    from collections.abc import Awaitable

WORKER_THREADS = 64


def create_app(settings: Settings | None = None, *, engine: Engine | None = None) -> Flask:
    """Return the Flask app: trigger, whoami, control API and pages.

    Args:
        settings: one server's settings; the defaults when left out.
        engine: the state behind it. Without one the app makes its own, and a scheduler thread
            executes its runs; with one, whoever made it drives the execution.
    """
    app = Flask("mock_qualtrics", static_folder=None, template_folder="web/pages/templates")
    app.config["MAX_CONTENT_LENGTH"] = LARGEST_BODY_BYTES + 1  # a chunked body is cut there
    app.url_map.merge_slashes = False
    app.extensions["mock_qualtrics"] = engine or _driven_engine(settings or Settings())
    app.register_blueprint(trigger_routes.blueprint)
    app.register_blueprint(control.blueprint)
    app.register_blueprint(pages.blueprint)
    trigger_routes.answer_everything_else(app, control.http_problem)
    return app


def asgi_app(
    engine: Engine, flask_app: Flask, act: CarryOut | None = None
) -> "Callable[[Scope, Receive, Send], Awaitable[None]]":
    """Return the ASGI callable: the trigger's front door, and the Flask app behind it.

    Args:
        engine: the one that the Flask app was made with.
        flask_app: what answers everything but the trigger.
        act: carries out connection faults; `connection.carry_out` when left out.
    """
    from a2wsgi import WSGIMiddleware  # noqa: PLC0415  only a server needs it

    from mock_qualtrics.server.connection import carry_out  # noqa: PLC0415  only a server can

    door = TriggerEndpoint(engine, act or carry_out)
    wsgi_app: Any = _with_stream_that_ends(flask_app)
    behind: Any = WSGIMiddleware(wsgi_app, workers=WORKER_THREADS)

    async def application(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and is_trigger_path(scope["path"]):
            await door(scope, receive, send)
            return
        if scope["type"] == "http":
            scope["query_string"] = urllib.parse.quote_from_bytes(
                scope["query_string"], safe="%&=+;:/?@!$'()*,-._~[]"
            ).encode("ascii")
        await behind(scope, receive, send)

    return application


def _driven_engine(settings: Settings) -> Engine:
    from mock_qualtrics.runs.thread_driver import ThreadSteps  # noqa: PLC0415  unused under a server

    engine = Engine(settings)
    ThreadSteps(engine)
    return engine


def _with_stream_that_ends(app: Flask) -> Callable[[dict[str, Any], Any], Iterable[bytes]]:
    """Say what the bridge leaves out: a chunked body ends by itself, and errors go to stderr."""

    def wrapped(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:  # noqa: ANN401  WSGI's
        environ["wsgi.input_terminated"] = True
        environ["wsgi.errors"] = sys.stderr
        return app(environ, start_response)

    return wrapped

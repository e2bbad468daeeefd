"""Assemble the Flask app: trigger, whoami, control API and pages.

The app is complete, for any WSGI server and for Flask's test client. Under ``serve`` it answers
everything that the ASGI server does not answer itself.
"""

from flask import Flask, Request
from werkzeug.routing import MapAdapter

from mock_qualtrics.engine import Engine
from mock_qualtrics.settings import Settings
from mock_qualtrics.web import control, pages, trigger_routes
from mock_qualtrics.web.control.inputs import LARGEST_BODY_BYTES
from mock_qualtrics.web.pages import forms


class _App(Flask):
    def create_url_adapter(self, request: Request | None) -> MapAdapter | None:
        """Route a request that asks for WebSocket as HTTP; Werkzeug would answer it 400."""
        adapter = super().create_url_adapter(request)
        if adapter is not None and request is not None:
            adapter.url_scheme, adapter.websocket = request.scheme, False
        return adapter


def create_app(settings: Settings | None = None, *, engine: Engine | None = None) -> Flask:
    """Return the Flask app: trigger, whoami, control API and pages.

    Args:
        settings: the server's settings; the defaults when left out.
        engine: the engine that handles the calls. Without one the app makes its own, and a thread
            executes its runs. With one, the caller is responsible for executing its runs.
    """
    app = _App("mock_qualtrics", static_folder=None, template_folder="web/pages/templates")
    # One more than the limit, so that a chunked body, which is cut here, is seen to be too long.
    app.config["MAX_CONTENT_LENGTH"] = LARGEST_BODY_BYTES + 1
    app.url_map.merge_slashes = False  # a wrong path is answered 404, not redirected
    app.extensions["mock_qualtrics"] = engine or _started_engine(settings or Settings())
    app.register_blueprint(trigger_routes.blueprint)
    app.register_blueprint(control.blueprint)
    app.register_blueprint(pages.blueprint)
    forms.init_app(app)
    trigger_routes.answer_everything_else(app, control.http_problem)
    return app


def _started_engine(settings: Settings) -> Engine:
    from mock_qualtrics.runs.step_loops import ThreadSteps  # noqa: PLC0415  unused under a server

    engine = Engine(settings)
    ThreadSteps(engine)
    return engine

"""The Flask app: trigger, whoami, control API and pages, put together. Nothing else.

It is complete by itself, for any WSGI server and for Flask's test client; under ``serve`` it
answers what the ASGI server does not answer itself.
"""

from flask import Flask

from mock_qualtrics.engine import Engine
from mock_qualtrics.settings import Settings
from mock_qualtrics.web import control, pages, trigger_routes
from mock_qualtrics.web.control.inputs import LARGEST_BODY_BYTES


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


def _driven_engine(settings: Settings) -> Engine:
    from mock_qualtrics.runs.step_loops import ThreadSteps  # noqa: PLC0415  unused under a server

    engine = Engine(settings)
    ThreadSteps(engine)
    return engine

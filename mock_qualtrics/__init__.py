"""A mock of Qualtrics: a JSON Event endpoint, its workflows, and their Run history.

`create_app` makes the Flask app, `serve_in_thread` starts a server in the same process. Public
names are imported on first use, so that importing the package is cheap.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mock_qualtrics.server import serve_in_thread
    from mock_qualtrics.settings import Settings
    from mock_qualtrics.web.app import create_app

__all__ = ["Settings", "create_app", "serve_in_thread"]

_HOMES = {
    "Settings": "mock_qualtrics.settings",
    "create_app": "mock_qualtrics.web.app",
    "serve_in_thread": "mock_qualtrics.server",
}


def __getattr__(name: str) -> Any:  # noqa: ANN401  any public object
    """Import a public name when it is first used.

    Raises:
        AttributeError: the package has no such name.
        ImportError: a project's own package hides one that is needed.
    """
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    import qualtrics_commands  # noqa: PLC0415  as below

    if reason := qualtrics_commands.hidden("contracts"):
        raise ImportError(f"{reason} ({qualtrics_commands.HELP})")
    import importlib  # noqa: PLC0415  nothing else here needs it

    return getattr(importlib.import_module(_HOMES[name]), name)

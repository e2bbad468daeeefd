"""Report that the server is running."""

from flask import Blueprint, Response

from contracts import __version__
from mock_qualtrics.web.control.answers import to_json


def register(blueprint: Blueprint) -> None:
    """Add the routes."""
    blueprint.get("/health")(health)


def health() -> Response:
    """Report that the server is running, and its version."""
    return to_json({"status": "ok", "version": __version__})

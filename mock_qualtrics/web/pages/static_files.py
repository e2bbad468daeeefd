"""The pages' own style and script; nothing is loaded from anywhere else."""

from pathlib import Path
from typing import Final

from flask import Blueprint, Response, send_from_directory

_FOLDER: Final = Path(__file__).parent / "static"


def register(blueprint: Blueprint) -> None:
    """Add the route."""
    blueprint.get("/static/<name>")(static_file)


def static_file(name: str) -> Response:
    """Return a file; a browser keeps it, and asks each time whether it is still the same."""
    response = send_from_directory(_FOLDER, name, etag=True, max_age=0)
    response.headers["Cache-Control"] = "no-cache"
    return response

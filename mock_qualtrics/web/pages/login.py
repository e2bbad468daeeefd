"""The login, for a server with a control token."""

from typing import Any

from flask import Blueprint, make_response, redirect, request, url_for

from mock_qualtrics.web import access
from mock_qualtrics.web.context import current_engine
from mock_qualtrics.web.pages.layout import page


def register(blueprint: Blueprint) -> None:
    """Add the routes."""
    blueprint.get("/login")(login_form)
    blueprint.post("/login")(log_in)


def login_form() -> str:
    """Ask for the control token."""
    return page("login.html", bare=True, wrong=False)


def log_in() -> Any:  # noqa: ANN401  Flask's own return values
    """Check the control token, and set the login cookie."""
    control_token = current_engine().settings.control_token
    if control_token is None:
        return redirect(url_for("pages.run_history"))
    if not access.is_control_token(request.form.get("token", ""), control_token):
        return make_response(page("login.html", bare=True, wrong=True), 401)
    response = redirect(url_for("pages.run_history"))
    response.set_cookie(
        access.COOKIE,
        access.login_cookie(control_token),
        httponly=True,
        secure=request.is_secure,
        samesite="Strict",
    )
    return response

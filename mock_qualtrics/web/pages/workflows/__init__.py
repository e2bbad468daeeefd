"""The workflows of a tenant: the list with its switches, and what one button or question does."""

from flask import Blueprint

from mock_qualtrics.web.pages.workflows import deletion, run_now_page, workflow_list


def register(blueprint: Blueprint) -> None:
    """Add the routes."""
    for part in (workflow_list, run_now_page, deletion):
        part.register(blueprint)

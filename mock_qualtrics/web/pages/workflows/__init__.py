"""The workflows of a tenant: a list with switches, a form, and what asks before it acts."""

from flask import Blueprint

from mock_qualtrics.web.pages.workflows import deletion, editing, run_now_page, workflow_list


def register(blueprint: Blueprint) -> None:
    """Add the routes."""
    for part in (workflow_list, editing, run_now_page, deletion):
        part.register(blueprint)

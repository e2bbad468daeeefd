"""A form that a page has is taken by the server itself, which judges a call by its head first."""

import re

import pytest
import requests

from contracts.control_client import ControlClient
from mock_qualtrics import serve_in_thread


@pytest.fixture(scope="module")
def served():
    with serve_in_thread() as mock:
        yield mock


def post(mock, **fields: str) -> requests.Response:
    with ControlClient(mock.control_url) as control:
        ((workflow,),) = (tenant["workflows"] for tenant in control.tenants())
    url = f"{mock.url}/workflows/{workflow['id']}/delete"
    shown = requests.get(url, timeout=60)
    token = re.search(r'name="form-token" value="([^"]+)"', shown.text)
    assert token is not None
    given = {"form-token": token[1], **fields}
    return requests.post(url, data=given, timeout=60, allow_redirects=False)


def test_a_form_without_its_token_is_refused(served):
    answer = post(served, **{"form-token": "placeholder"})
    assert answer.status_code == 403
    assert "reload the page" in answer.text


def test_a_form_that_is_too_large_is_told_on_a_page(served):
    answer = post(served, name="x" * 1_000_001)
    assert answer.status_code == 413
    assert answer.headers["Content-Type"].startswith("text/html")
    assert "The form has more than 1,000,000 bytes, so nothing was done with it" in answer.text
    with ControlClient(served.control_url) as control:
        assert [len(tenant["workflows"]) for tenant in control.tenants()] == [1]


def test_a_form_with_its_token_is_done(served):
    assert post(served).status_code == 303
    with ControlClient(served.control_url) as control:
        assert [tenant["workflows"] for tenant in control.tenants()] == [[]]

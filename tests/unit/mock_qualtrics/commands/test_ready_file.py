import pytest

from contracts import validate
from mock_qualtrics.commands.ready_file import as_content, is_ready_document, ready_document

URL = "https://127.0.0.1:8084"
TENANT = {
    "id": "tenant-1",
    "brandId": "brand",
    "username": "dave@example.com#brand",
    "apiToken": "PLACEHOLDERTOKENPLACEHOLDERTOKENPLACEHOL",
    "workflows": [],
}


def test_the_document_has_the_agreed_form():
    for ca_file in (None, "ca.pem"):
        assert validate(ready_document(URL, TENANT, ca_file), "ready-file") == []


def test_a_ready_file_is_told_from_other_files():
    assert is_ready_document(as_content(ready_document(URL, TENANT, None)))


@pytest.mark.parametrize("content", [b"{}", b"[]", b"\xff", b"[" * 100_000, b'{"url": "http://a"}'])
def test_other_files_are_no_ready_files(content):
    assert not is_ready_document(content)

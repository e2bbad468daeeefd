import json
import stat

import pytest

from contracts import validate
from mock_qualtrics.commands.ready_file import ready_document, write_ready_file

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


def test_the_file_is_replaced_whole_and_nothing_is_left_beside_it(tmp_path):
    path = tmp_path / "ready.json"
    path.write_text("old")
    write_ready_file(path, {"url": URL})
    assert json.loads(path.read_text()) == {"url": URL}
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(tmp_path.iterdir()) == [path]


def test_a_file_that_cannot_be_put_there_leaves_nothing_behind(tmp_path):
    path = tmp_path / "taken"
    path.mkdir()
    with pytest.raises(OSError, match="taken"):
        write_ready_file(path, {"url": URL})
    assert list(tmp_path.iterdir()) == [path]

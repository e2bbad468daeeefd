"""The command that prints the OpenAPI document."""

import json

from click.testing import CliRunner

from contracts.openapi import one_file
from mock_qualtrics.commands.openapi import openapi


def printed(*arguments: str) -> dict[str, object]:
    done = CliRunner().invoke(openapi, arguments)
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)


def test_it_prints_the_document_in_one_file():
    assert printed() == printed("--json") == one_file()


def test_it_names_the_server_that_is_asked_for():
    assert printed("--url", "http://127.0.0.1:9000/")["servers"] == [
        {"url": "http://127.0.0.1:9000"}
    ]


def test_what_is_no_address_is_refused():
    done = CliRunner().invoke(openapi, ["--url", "127.0.0.1:8084"])
    assert (done.exit_code, done.stdout) == (2, "")
    assert "'127.0.0.1:8084': expected http://HOST:PORT" in done.stderr

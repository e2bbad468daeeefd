"""``/openapi.yaml``: a running mock describes itself."""

import yaml

from contracts.openapi import one_file
from mock_qualtrics import Settings, create_app


def test_a_mock_serves_its_description_with_its_own_address_and_to_everybody():
    app = create_app(Settings(control_token="placeholder-control-token"))
    answer = app.test_client().get("/openapi.yaml", base_url="http://127.0.0.1:9000")
    app.extensions["mock_qualtrics"].close()
    assert (answer.status_code, answer.mimetype) == (200, "application/yaml")
    assert yaml.safe_load(answer.text) == one_file() | {
        "servers": [{"url": "http://127.0.0.1:9000"}]
    }

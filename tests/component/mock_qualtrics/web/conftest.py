"""An engine on a virtual clock, and the app in front of it, without a server."""

from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient

from mock_qualtrics import Settings, create_app
from mock_qualtrics.engine import Engine


@pytest.fixture
def engine() -> Iterator[Engine]:
    with Engine(Settings(clock="virtual")) as made:
        yield made


@pytest.fixture
def client(engine) -> FlaskClient:
    return create_app(engine=engine).test_client()

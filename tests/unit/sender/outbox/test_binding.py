"""An outbox belongs to one destination, and keeps how it was delivered."""

import pytest

from sender.dataflow import Dataflow
from sender.errors import ConfigurationError
from sender.outbox import Outbox
from sender.outbox import schema as sql
from support.stored_messages import FAILURE, filled

URL = "http://127.0.0.1:8084/inbound-event/v1/events/json/triggers?urlTokenId="


@pytest.fixture
def path(tmp_path):
    return tmp_path / "o.sqlite"


@pytest.fixture
def dataflow_to(raw):
    return lambda url: Dataflow.from_mapping({**raw, "url": url})


def test_an_outbox_keeps_its_dataflow_and_its_policy(path, dataflow_to):
    dataflow = dataflow_to(URL + "a")
    with Outbox(path) as outbox:
        outbox.binding.bind(dataflow, "lossless")
    with Outbox(path) as outbox:
        assert outbox.binding.dataflow() == dataflow
        assert outbox.binding.policy_name() == "lossless"


def test_pending_messages_do_not_go_to_another_destination(path, dataflow_to):
    with Outbox(path) as outbox:
        outbox.binding.bind(dataflow_to(URL + "a"), "lossless")
        filled(outbox)
        with pytest.raises(ConfigurationError, match=r"another destination.*\(3\)"):
            outbox.binding.bind(dataflow_to(URL + "b"), "lossless")


def test_failed_messages_are_not_replayed_to_another_destination(path, dataflow_to):
    with Outbox(path) as outbox:
        outbox.binding.bind(dataflow_to(URL + "a"), "lossless")
        _, (first, *others) = filled(outbox)
        with outbox.transaction():
            outbox.messages.end(first, sql.FAILED, FAILURE)
            outbox.messages.activate(message.seq for message in others)
        with pytest.raises(ConfigurationError, match=r"another destination.*\(1\)"):
            outbox.binding.bind(dataflow_to(URL + "b"), "lossless")
        with outbox.transaction():
            outbox.messages.activate([first.seq])
        outbox.binding.bind(dataflow_to(URL + "b"), "lossless")


def test_the_delivery_options_of_each_policy_are_kept(path, dataflow_to):
    dataflow = dataflow_to(URL + "a")
    with Outbox(path) as outbox:
        assert outbox.binding.delivery("lossless") == {}
        outbox.binding.bind(
            dataflow, "adobe-best-effort", {"offeredRate": 20.0, "retryAfter": [1, 2]}
        )
        outbox.binding.bind(dataflow, "lossless", {"callsPerDay": 10})
    with Outbox(path, writable=False) as outbox:
        assert outbox.binding.delivery("adobe-best-effort") == {
            "offeredRate": 20.0,
            "retryAfter": [1, 2],
        }
        assert outbox.binding.delivery("lossless") == {"callsPerDay": 10}

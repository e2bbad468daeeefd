import dataclasses
import itertools

from hypothesis import given
from hypothesis import strategies as st

from contracts.secret import Secret
from loadtests.running.options.declarations import DEFAULT_DATAFLOW
from loadtests.running.sending.share import Share, fingerprint_of
from loadtests.workloads import Workload
from sender import Dataflow
from sender.transport.base import Endpoint

URL = "http://127.0.0.1:1/inbound-event/v1/events/json/triggers?urlTokenId=t"
ENDPOINT = Endpoint(URL, "dave#brand", Secret("t"))


def share(index: int, of: int) -> Share:
    return Share(index, of, "run", 0.5, "fingerprint")


@given(st.integers(1, 5), st.integers(1, 40))
def test_each_message_is_of_one_share(of, profiles) -> None:
    workload = Workload(kind="steady", profiles=profiles)
    parts = [list(share(index, of).arrivals(workload)) for index in range(of)]
    assert sorted(itertools.chain(*parts)) == list(enumerate(workload.arrivals()))
    assert max(map(len, parts)) - min(map(len, parts)) <= 1


def test_a_share_is_the_same_after_its_way() -> None:
    made = share(1, 2)
    assert Share.from_wire(made.to_wire()) == made


def test_whatever_differs_has_another_fingerprint() -> None:
    workload, mapping = Workload(kind="steady"), Dataflow.from_toml(DEFAULT_DATAFLOW)
    other = dataclasses.replace(mapping, attributes=mapping.attributes[1:])
    same = fingerprint_of(Workload(kind="steady"), Dataflow.from_toml(DEFAULT_DATAFLOW), ENDPOINT)
    assert fingerprint_of(workload, mapping, ENDPOINT) == same
    assert fingerprint_of(Workload(kind="steady", seed=1), mapping, ENDPOINT) != same
    assert fingerprint_of(workload, other, ENDPOINT) != same
    for change in ({"url": URL + "2"}, {"username": "eve#brand"}, {"token": Secret("t2")}):
        elsewhere = dataclasses.replace(ENDPOINT, **change)
        assert fingerprint_of(workload, mapping, elsewhere) != same

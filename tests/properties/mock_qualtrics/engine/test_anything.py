"""Whatever is set or sent, every other tenant's calls are stored, and a reopened store is equal."""

from contextlib import closing

from hypothesis import given, settings
from hypothesis import strategies as st

from support import anything


def test_nothing_that_is_sent_stops_a_store(tmp_path):
    store = f"sqlite:///{tmp_path}/journal.db"
    opened = anything.opened(store)

    @settings(max_examples=settings.default.max_examples // 7)
    @given(
        anything.TENANTS, anything.WORKFLOWS, anything.FAULTS, st.lists(anything.EVENTS, max_size=3)
    )
    def rehearse(tenant: object, workflow: object, fault: object, events: list[bytes]) -> None:
        opened.rehearse(tenant, workflow, fault, events)

    with closing(opened.engine):
        rehearse()
        kept = opened.everything()
    again = anything.opened(store)
    with closing(again.engine):
        assert again.everything() == kept
        again.others_notice_nothing()

"""Activation against a plain model, over sequences of updates, mapping changes and days."""

import copy
import datetime as dt
from functools import cache
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from sender.dataflow import Dataflow
from sender.mapping import Mapper
from sender.mapping.activation import Export, ProfileState, decide

AUDIENCES = ("always", "early", "late", "sometimes-mapped")
DATES: dict[str, dict[str, str]] = {
    "early": {"end_date": "2026-01-05"},
    "late": {"start_date": "2026-01-04"},
}
FIRST_DAY = dt.datetime(2026, 1, 1, 12, tzinfo=dt.UTC)
NAMES = st.sampled_from(["Ada", "Ben", "", None])
TIMES = st.integers(1, 9).map("2026-01-0{}T00:00:00.000000Z".format) | st.sampled_from(
    [None, "noon"]
)
IDS = st.lists(st.sampled_from(["a", "b", "c"]), unique=True, max_size=3)
URL = "http://127.0.0.1:8084/inbound-event/v1/events/json/triggers?urlTokenId=placeholder"


@cache
def mapper_for(audience_ids: tuple[str, ...]) -> Mapper:
    return Mapper(
        Dataflow.from_mapping(
            {
                "name": "Survey",
                "url": URL,
                "username": "dave#brand",
                "attributes": [{"source": "name", "target": "firstName"}],
                "identities": [{"source": "ECID", "target": "external_id"}],
                "audiences": [{"id": key, **DATES.get(key, {})} for key in audience_ids],
            }
        )
    )


def is_undated(membership: dict[str, Any]) -> bool:
    return membership.get("lastQualificationTime") == "noon"


class Activation(RuleBasedStateMachine):
    """The model keeps what the receiver saw last, as plain dicts and sets."""

    def __init__(self) -> None:
        super().__init__()
        self.day = 0
        self.mapped = set(AUDIENCES)
        self.profile: dict[str, Any] = {
            "identityMap": {"ECID": [{"id": "a"}]},
            "segmentMembership": {"ups": {}},
        }
        self.state: ProfileState | None = None
        self.seen_content: tuple[Any, frozenset[str]] | None = None
        self.seen_in: set[str] = set()

    @rule(name=NAMES)
    def set_name(self, name: str | None) -> None:
        self.profile["name"] = name

    @rule(ids=IDS)
    def set_identities(self, ids: list[str]) -> None:
        self.profile["identityMap"]["ECID"] = [{"id": key} for key in ids]

    @rule(value=st.integers())
    def change_what_is_not_mapped(self, value: int) -> None:
        self.profile["unmapped"] = value
        self.profile["identityMap"]["Phone"] = [{"id": str(value)}]
        self.profile["segmentMembership"]["ups"]["unmapped"] = {"status": "realized"}

    @rule(
        audience=st.sampled_from(AUDIENCES),
        status=st.sampled_from(["realized", "existing", "exited", None]),
        time=TIMES,
    )
    def set_membership(self, audience: str, status: str | None, time: object) -> None:
        ups = self.profile["segmentMembership"]["ups"]
        ups.pop(audience, None)
        if status is not None:
            ups[audience] = {"lastQualificationTime": time, "status": status}

    @rule(value=st.sampled_from(["n", "dn", "Y", "y", "LI", None]))
    def set_consent(self, value: str | None) -> None:
        self.profile["consents"] = {"marketing": {"any": {"val": value}}}

    @rule()
    def map_or_unmap_an_audience(self) -> None:
        self.mapped ^= {"sometimes-mapped"}

    @rule()
    def a_day_passes(self) -> None:
        self.day += 1

    @rule()
    def export(self) -> None:
        mapper = mapper_for(tuple(key for key in AUDIENCES if key in self.mapped))
        before = copy.deepcopy(self.profile)
        decision = decide(self.state, self.profile, mapper, self.now)
        assert self.profile == before
        expected = self.model()
        if expected is None:
            assert not isinstance(decision, Export), decision
            return
        assert isinstance(decision, Export), decision
        self.compare(decision, expected)
        self.state = ProfileState.from_json(decision.state.to_json())
        again = decide(self.state, self.profile, mapper, self.now)
        assert not isinstance(again, Export)

    @property
    def now(self) -> dt.datetime:
        return FIRST_DAY + dt.timedelta(days=self.day)

    def active(self) -> set[str]:
        today = self.now.date().isoformat()
        return {
            key
            for key in self.mapped
            for dates in [DATES.get(key, {})]
            if dates.get("start_date", "0") <= today <= dates.get("end_date", "9")
        }

    def model(self) -> dict[str, str] | None:
        """Return the statuses that must be exported now, or None; note what the receiver saw."""
        ids = frozenset(entry["id"] for entry in self.profile["identityMap"]["ECID"])
        if not ids:
            return None
        opted_out = self.profile.get("consents", {}).get("marketing", {})
        has_consent = opted_out.get("any", {}).get("val") in ("y", "LI", None)
        ups = self.profile["segmentMembership"]["ups"]
        active = self.active()
        current = {
            key
            for key in active
            if has_consent and ups.get(key, {}).get("status") in ("realized", "existing")
        }
        if has_consent and any(is_undated(ups.get(key, {})) for key in active):
            return None
        seen = self.seen_in & active
        content = (self.profile.get("name"), ids)
        is_update = has_consent and bool(current) and content != self.seen_content
        if current == seen and not is_update:
            return None
        self.seen_content = content
        self.seen_in = (self.seen_in & self.mapped - active) | current
        return dict.fromkeys(current, "realized") | dict.fromkeys(seen - current, "exited")

    def compare(self, decision: Export, expected: dict[str, str]) -> None:
        memberships = decision.content.memberships
        statuses = {key: membership["status"] for key, membership in memberships.items()}
        assert expected.items() <= statuses.items()
        assert all(statuses[key] == "exited" for key in statuses.keys() - expected.keys())
        assert statuses.keys() <= self.active()
        name = self.profile.get("name")
        assert decision.content.attributes == ({} if name is None else {"firstName": name})

    @invariant()
    def the_state_knows_where_the_receiver_thinks_the_profile_is(self) -> None:
        statuses = {} if self.state is None else self.state.statuses
        assert {key for key, status in statuses.items() if status == "realized"} == self.seen_in


TestActivation = Activation.TestCase
TestActivation.settings = settings(max_examples=150, stateful_step_count=40, deadline=None)

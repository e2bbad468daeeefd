"""A message's body, its trace id, and what its content shows."""

import dataclasses
import random
import uuid
from typing import Any

from sender.dataflow import Dataflow
from sender.mapping import Mapper, message_body, trace_id


def test_non_ascii_text_travels_as_utf_8(raw: dict[str, Any], profile: dict[str, Any]):
    mapper = Mapper(Dataflow.from_mapping(raw))
    profile["person"]["name"]["firstName"] = "Zoë"
    assert "Zoë".encode() in message_body(mapper.content(profile))


def test_a_trace_id_is_a_uuid_that_the_seed_decides():
    first = trace_id(random.Random(7))
    assert first == trace_id(random.Random(7))
    assert uuid.UUID(first).version == 4


def test_the_repr_of_content_shows_nobody(raw: dict[str, Any], profile: dict[str, Any]):
    mapper = Mapper(Dataflow.from_mapping(raw))
    assert repr(mapper.content(profile)) == "MappedContent(identity_map=['Email'])"


def test_other_memberships_leave_the_rest_of_the_content_as_it_is(
    raw: dict[str, Any], profile: dict[str, Any]
):
    raw["identity_map_keys"] = "target"
    first, second = (audience["id"] for audience in raw["audiences"])
    profile["segmentMembership"]["ups"][first]["lastQualificationTime"] = "yesterday"
    content = Mapper(Dataflow.from_mapping(raw)).content(profile)
    assert content.by_namespace == {"Email": [{"id": "Email-2Sf6C"}]}
    assert (list(content.memberships), content.undated) == ([first, second], (first,))
    other = content.with_memberships({})
    assert other == dataclasses.replace(content, memberships={})
    assert other.by_namespace == content.by_namespace

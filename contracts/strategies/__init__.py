"""Hypothesis strategies for profiles, dataflows, workflows, messages and their parts.

They generate plain dicts that are valid under the schemas and the rules that go with them, and
otherwise as unusual as possible: any text without surrogates, numbers of any size, attributes that
are missing, null, lists or maps, deep nesting, identities and audiences that are not mapped, and
now and then as many attributes and audiences as a destination should have (A-MAP-3). For this
project's tests and for yours; hypothesis comes with the extra ``test``.

Example:
    >>> from hypothesis import given, settings
    >>> from contracts.strategies import dataflows, profiles
    >>> @settings(max_examples=10)
    ... @given(dataflows().flatmap(profiles))
    ... def test_a_connector_takes_any_profile(profile):
    ...     assert "identityMap" in profile
    >>> test_a_connector_takes_any_profile()
"""

from contracts.extras import missing_extra

try:
    import hypothesis  # noqa: F401  for a sentence that says how to install it
except ImportError as error:  # pragma: no cover  the tests need hypothesis themselves
    raise ImportError(missing_extra("contracts.strategies needs", "hypothesis", "test")) from error

from contracts.strategies.audience_values import audience_ids, instants, memberships
from contracts.strategies.dataflow_tables import dataflows
from contracts.strategies.message_bodies import messages
from contracts.strategies.profile_rows import profiles
from contracts.strategies.sizes import DEEPEST_NAMES, MOST_ATTRIBUTES, MOST_AUDIENCES
from contracts.strategies.values import (
    HASH_LENGTHS,
    LARGEST_INTEGER,
    RESERVED_NAMES,
    attribute_values,
    dotted_paths,
    identity_values,
    namespaces,
    scalars,
    texts,
    trigger_urls,
)
from contracts.strategies.workflow_tables import json_paths, workflows

__all__ = [
    "DEEPEST_NAMES",
    "HASH_LENGTHS",
    "LARGEST_INTEGER",
    "MOST_ATTRIBUTES",
    "MOST_AUDIENCES",
    "RESERVED_NAMES",
    "attribute_values",
    "audience_ids",
    "dataflows",
    "dotted_paths",
    "identity_values",
    "instants",
    "json_paths",
    "memberships",
    "messages",
    "namespaces",
    "profiles",
    "scalars",
    "texts",
    "trigger_urls",
    "workflows",
]

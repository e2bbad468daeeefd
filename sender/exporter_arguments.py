"""What an :class:`sender.exporter.Exporter` may be made of."""

import os
import random
from collections.abc import Mapping
from types import NoneType

from contracts.secret import Secret
from sender.arguments import (
    check_callables,
    check_kind,
    check_methods,
    check_share,
    check_workers,
)
from sender.dataflow import Dataflow
from sender.errors import ConfigurationError
from sender.outbox import Outbox
from sender.policies import RetryPolicy


def check_parts(
    dataflow: object, policy: object, token: object, outbox: object, transport: object
) -> None:
    """Raise a ConfigurationError for a part of another kind than an exporter is made of."""
    made = "a sender.Dataflow, as Dataflow.from_toml and Dataflow.from_mapping make"
    check_kind("dataflow", dataflow, Dataflow, made, shown=False)
    check_kind("policy", policy, (str, RetryPolicy), "one of sender.policies, or its name")
    check_kind("token", token, (str, Secret, NoneType), "a text or None", shown=False)
    kinds = (str, os.PathLike, Outbox, NoneType)
    check_kind("outbox", outbox, kinds, "a file's path, an opened Outbox, or None")
    if not isinstance(transport, str):
        methods = ("slots", "submit", "completed", "close")
        check_methods("transport", transport, methods, "a name, or a Transport")


def check_behaviour(
    clock: object,
    rng: object,
    workers: object,
    alert_below: object,
    skip_rate_above: object,
    subscribers: object,
) -> None:
    """Raise a ConfigurationError for a clock, a number or a subscriber that cannot be used."""
    if clock is not None:
        check_methods("clock", clock, ("now", "monotonic"), "a clock as in sender.clock")
    check_kind("rng", rng, (random.Random, NoneType), "a random.Random or None")
    check_workers(workers)
    if alert_below is not None:
        check_share("alert_below", alert_below)
    check_share("skip_rate_above", skip_rate_above)
    check_callables("subscribers", subscribers, "a list of functions that take an event")


def check_export(profiles: object, source: object, restated: object) -> None:
    """Raise a ConfigurationError for profiles or a description that cannot be exported."""
    if type(profiles) in {str, bytes}:
        raise ConfigurationError(
            "profiles: found a text, expected profiles; a file's are "
            "sender.profiles.source.read_profiles([path], sys.stdin.buffer)"
        )
    check_kind("source", source, (Mapping, NoneType), "a JSON object or None")
    check_kind("restated", restated, bool, "True or False")

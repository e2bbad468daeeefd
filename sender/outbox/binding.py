"""What an outbox is bound to: its dataflow, and how it was delivered last."""

import functools
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sender.dataflow import Dataflow
from sender.dataflow.digests import destination_of
from sender.dataflow.trigger_url import url_host
from sender.errors import ConfigurationError
from sender.outbox import schema as sql
from sender.outbox.database import Database


class Binding:
    """Stores the dataflow, so that messages go to one destination only.

    Args:
        database: the open file.
        path: its name; None: in memory.
    """

    def __init__(self, database: Database, path: Path | None) -> None:
        self._database = database
        self._path = path

    def dataflow(self) -> Dataflow | None:
        """Return the stored dataflow, if there is one; it allows plain http to no host.

        Raises:
            ConfigurationError: the stored dataflow is damaged.
        """
        text = self._database.value("dataflow")
        try:
            return None if text is None else _dataflow(text)
        except json.JSONDecodeError as error:
            why = "its dataflow is damaged"
            raise ConfigurationError(
                f"{self._path}: not an outbox that can be used: {why}"
            ) from error

    def policy_name(self) -> str | None:
        """Return the name of the policy that was used last."""
        return self._database.value("policy")

    def delivery(self, policy_name: str) -> Mapping[str, Any]:
        """Return the delivery options that a policy was used with last; none if it was not."""
        stored = json.loads(self._database.value(f"delivery by {policy_name}") or "{}")
        return stored if isinstance(stored, dict) else {}

    def bind(
        self, dataflow: Dataflow, policy_name: str, delivery: Mapping[str, Any] | None = None
    ) -> None:
        """Store the dataflow, the policy, and the delivery options that it is used with.

        Raises:
            ConfigurationError: the outbox holds messages for another destination that could still
                be sent.
        """
        stored = self.dataflow()
        if stored is not None and destination_of(stored) != destination_of(dataflow):
            sendable = self._database.number(sql.SENDABLE)
            if sendable:
                raise ConfigurationError(
                    f"{self._path}: messages for another destination are pending or failed here "
                    f"({sendable}), and another URL is another destination: export to it with an "
                    f"outbox of its own: --outbox {self._name_for(dataflow)}; what is left here "
                    "can only go to the old one (resume, replay): where that URL was wrong, "
                    f"delete {self._path}"
                )
        with self._database.transaction():
            self._database.keep_value("dataflow", json.dumps(dataflow.to_mapping()))
            self._database.keep_value("policy", policy_name)
            self._database.keep_value(f"delivery by {policy_name}", json.dumps(delivery or {}))

    def _name_for(self, dataflow: Dataflow) -> Path:
        path = self._path or Path("dataflow.outbox.sqlite")
        base = path.name.removesuffix(path.suffix).removesuffix(".outbox")
        return path.with_name(f"{base}.{destination_of(dataflow)[:8]}.outbox.sqlite")


@functools.lru_cache(16)  # each start of an export asks for it several times
def _dataflow(text: str) -> Dataflow:
    stored = json.loads(text)
    url = stored.get("url") if isinstance(stored, dict) else None
    hosts = [url_host(url)] if isinstance(url, str) else []  # whether to send is asked again
    dataflow = Dataflow.from_mapping(stored, where="outbox", plain_http_hosts=hosts)
    return dataflow.allowing_plain_http(())

"""An open event stream, read as a browser does."""

import http.client
import json
from typing import Any, NamedTuple, Self
from urllib.parse import urlsplit

from support.waiting import DEADLINE_SECONDS


class Event(NamedTuple):
    """One event of a stream."""

    kind: str
    id: str
    data: dict[str, Any]


class EventStream:
    """One connection to a server's event stream."""

    def __init__(self, url: str, query: str = "", **headers: str) -> None:
        self._connection = http.client.HTTPConnection(
            urlsplit(url).netloc, timeout=DEADLINE_SECONDS
        )
        names = {name.replace("_", "-"): value for name, value in headers.items()}
        self._connection.request("GET", f"/events{query}", headers=names)
        self.answer = self._connection.getresponse()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.answer.close()
        self._connection.close()

    def lines(self) -> list[str]:
        """Return the lines up to the next blank one; none at the stream's end."""
        return list(iter(lambda: self.answer.readline().decode().rstrip("\n"), ""))

    def next(self) -> Event | None:
        """Return the next event; None at the stream's end."""
        while lines := self.lines():
            fields = dict(line.partition(": ")[::2] for line in lines)
            if "event" in fields:
                return Event(fields["event"], fields.get("id", ""), json.loads(fields["data"]))
        return None

    def until(self, **totals: int) -> Event:
        """Return the first event whose totals are these."""
        while event := self.next():
            if totals.items() <= event.data["totals"].items():
                return event
        raise AssertionError("the stream ended before")

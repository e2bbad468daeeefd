"""The contestants of the sender's benchmark, each run in its own process.

``python -m loadtests.benchmarks.sender_contestants NAME URL MESSAGES CONNECTIONS`` prints the
result as one JSON object.
"""

import importlib
import json
import resource
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from sender import Dataflow, Exporter
from sender.mapping import Mapper, message_body
from sender.mapping.exclusions import Excluded

USERNAME = "dave#brand"
TOKEN = "PLACEHOLDER-TOKEN"  # noqa: S105  no real one
AUDIENCE = "046456e3b-18e1-48a6-9bda-d68547861283"
BATCH = 100


def dataflow(url: str) -> Dataflow:
    """Return a dataflow with the destination page's mapping for a URL."""
    names = ("person.name.firstName", "mobilePhone.number")
    return Dataflow.from_mapping(
        {
            "name": "Benchmark",
            "url": url,
            "username": USERNAME,
            "attributes": [{"source": name, "target": name} for name in names],
            "identities": [{"source": "Email", "target": "email"}],
            "audiences": [{"id": AUDIENCE}],
        }
    )


def profiles(count: int) -> Iterator[dict[str, Any]]:
    """Yield profiles like the destination page's, each with a different id."""
    qualified = {"lastQualificationTime": "2023-09-05T10:43:55.602687Z", "status": "realized"}
    for number in range(count):
        yield {
            "_id": f"profile-{number}",
            "person": {"name": {"firstName": "Dave"}},
            "mobilePhone": {"number": "0123456789"},
            "identityMap": {"Email": [{"id": f"Email-{number}"}]},
            "segmentMembership": {"ups": {AUDIENCE: qualified}},
        }


def bare(url: str, messages: int, connections: int) -> None:
    """Post with requests from several threads, each with its own session."""
    import requests  # noqa: PLC0415  only this contestant's

    content = Mapper(dataflow(url)).content(next(profiles(1)))
    if isinstance(content, Excluded):
        raise SystemExit("the benchmark's own profile is excluded")
    body = message_body(content)

    def loop(count: int) -> None:
        with requests.Session() as session:
            session.auth = (USERNAME, TOKEN)
            session.headers["Content-Type"] = "application/json"
            for _ in range(count):
                session.post(url, data=body, timeout=(2, 2)).raise_for_status()

    threads = [
        threading.Thread(target=loop, args=(messages // connections,)) for _ in range(connections)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def bare_one(url: str, messages: int, _connections: int) -> None:
    """Post with requests from one thread over one connection."""
    bare(url, messages, 1)


def requests_transport(url: str, messages: int, connections: int) -> None:
    """Export with the requests transport and an outbox on disk."""
    _export(url, messages, transport="requests", workers=connections)


def fast_transport(url: str, messages: int, _connections: int) -> None:
    """Export with the fast transport and an outbox on disk."""
    _export(url, messages, transport="fast")


def segment(url: str, messages: int, _connections: int) -> None:
    """Send events with segment-analytics-python, flush included."""
    client_class = importlib.import_module("segment.analytics.client").Client
    host = url.partition("/inbound")[0]
    client = client_class(TOKEN, host=host, max_queue_size=messages + 1, upload_size=BATCH)
    for profile in profiles(messages):
        client.identify(profile["_id"], profile)
    client.flush()
    client.join()


def posthog(url: str, messages: int, _connections: int) -> None:
    """Send events with posthog, flush included."""
    client_class = importlib.import_module("posthog").Posthog
    host = url.partition("/inbound")[0]
    client = client_class(TOKEN, host=host, max_queue_size=messages + 1, flush_at=BATCH)
    for profile in profiles(messages):
        client.capture("exported", distinct_id=profile["_id"], properties=profile)
    client.flush()
    client.shutdown()


CONTESTANTS: dict[str, Callable[[str, int, int], None]] = {
    "bare": bare,
    "bare-one": bare_one,
    "requests": requests_transport,
    "fast": fast_transport,
    "segment": segment,
    "posthog": posthog,
}


def main(name: str, url: str, messages: str, connections: str) -> None:
    """Run one contestant and print its result."""
    began = time.perf_counter()
    CONTESTANTS[name](url, int(messages), int(connections))
    seconds = time.perf_counter() - began
    peak_megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    result = {"messagesPerSecond": int(messages) / seconds, "peakMegabytes": peak_megabytes}
    sys.stdout.write(json.dumps(result) + "\n")


def _export(url: str, messages: int, **options: Any) -> None:  # noqa: ANN401  the exporter's own
    with tempfile.TemporaryDirectory(prefix="sender-bench-") as folder:
        outbox = Path(folder) / "outbox.sqlite"
        settings = {"token": TOKEN, "outbox": outbox, "calls_per_minute": None, **options}
        with Exporter(dataflow(url), **settings) as exporter:
            report = exporter.export(profiles(messages))
    if report.activated != messages:
        raise SystemExit(f"{report.activated} of {messages} were activated")


if __name__ == "__main__":
    main(*sys.argv[1:])

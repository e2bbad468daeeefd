"""What tests of both sides together share: the real sender, exporting to a test's own tenant."""

import datetime as dt
import io
import sysconfig
import tomllib
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from mock_qualtrics.testing import Qualtrics
from sender import Dataflow, Exporter
from sender.clock import VirtualClock
from sender.profiles import ProfileSource

ROOT = Path(__file__).parents[1]
NOW = dt.datetime(2026, 3, 1, tzinfo=dt.UTC)  # within all sample audiences' dates

ExporterTo = Callable[..., Exporter]


@pytest.fixture
def exporter_to(qualtrics: Qualtrics) -> Iterator[ExporterTo]:
    """Make exporters to the test's own tenant; they close by themselves."""
    made: list[Exporter] = []

    def make(dataflow: Dataflow, url: str | None = None, **settings: object) -> Exporter:
        aimed = dataflow.with_url(url or qualtrics.trigger_url).with_username(qualtrics.username)
        chosen = {"clock": VirtualClock(NOW), "token": qualtrics.api_token, **settings}
        made.append(Exporter(aimed, **chosen))
        return made[-1]

    yield make
    for exporter in made:
        exporter.close()


class Sample:
    """A folder with a dataflow, its profiles and perhaps the workflows that it feeds."""

    def __init__(self, folder: str) -> None:
        self.folder = ROOT / folder
        self.dataflow = Dataflow.from_toml(self.folder / "dataflow.toml")

    def profiles(self) -> ProfileSource:
        return ProfileSource([str(self.folder / "profiles.jsonl")], io.BytesIO(), self.dataflow)

    def workflow(self) -> Mapping[str, Any]:
        workflows = tomllib.loads((self.folder / "workflows.toml").read_text("utf-8"))
        return workflows["workflows"][0]


@pytest.fixture(scope="session")
def sample() -> type[Sample]:
    """Read a sample folder, named from the repository's root."""
    return Sample


@pytest.fixture(scope="session")
def command() -> Callable[[str], str]:
    """Return where an installed command stands."""
    return lambda name: str(Path(sysconfig.get_path("scripts")) / name)

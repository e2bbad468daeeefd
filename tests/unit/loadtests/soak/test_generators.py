from argparse import ArgumentParser
from pathlib import Path

from loadtests.running.options.declarations import add_options
from loadtests.soak.generators import command_of
from loadtests.soak.soak_plan import soak_plan


class Options(ArgumentParser):
    """A parser that knows Locust's own options that a soak gives, and what it adds to argparse."""

    def add_argument(self, *names: str, **settings: object):  # type: ignore[override]
        for more in ("include_in_web_ui", "env_var"):
            settings.pop(more, None)
        return super().add_argument(*names, **settings)


def test_a_load_is_given_options_that_the_locustfile_knows():
    command = command_of(soak_plan(10.0, seed=3), 2, Path("/a folder/tenant-2.json"))
    parser = Options()
    add_options(parser)
    for own in ("--headless", "--only-summary"):
        parser.add_argument(own, action="store_true")
    for own in ("-f", "--users", "--spawn-rate"):
        parser.add_argument(own)
    given = parser.parse_args(command[command.index("locust") + 1 :])
    assert Path(given.f).is_file()
    assert (given.workload, given.profiles, given.arrival_rate) == ("steady", 12_000, 20.0)
    assert (given.seed, given.retry_after) == (5, "5,10")
    assert given.report_json == "/a folder/tenant-2.json"

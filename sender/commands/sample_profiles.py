"""``sample-profiles``: prints fictional profiles for the fields of a dataflow (A-TEST-1)."""

import json

import click

from contracts.option_numbers import Finite, Integer
from contracts.terminal import printable
from sender.commands.shared import common_options, errors_and_exit
from sender.samples import sample_profiles

SHARE = Finite(0, 1)


@click.command(
    "sample-profiles",
    epilog="Example: qualtrics-sender sample-profiles --dataflow dataflow.toml --count 20 --seed 7",
)
@common_options.dataflow_options
@click.option("--count", type=Integer(min=0), default=10, show_default=True)
@click.option(
    "--seed", type=int, default=0, show_default=True, help="The same seed gives the same profiles."
)
@click.option("--excluded-share", type=SHARE, default=0.0, help="Share without a usable identity.")
@click.option("--incomplete-share", type=SHARE, default=0.0, help="Share that lacks an attribute.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON list instead of lines.")
def command(  # noqa: PLR0913, PLR0917  options, which click passes by name
    dataflow_path: str,
    url: str | None,
    username: str | None,
    count: int,
    seed: int,
    excluded_share: float,
    incomplete_share: float,
    *,
    as_json: bool,
) -> None:
    """Print fictional profiles, one per line, that have the fields that a dataflow maps."""
    with errors_and_exit.reported_errors():
        dataflow = common_options.load_dataflow(dataflow_path, url, username)
        profiles = sample_profiles(
            dataflow,
            count,
            seed,
            excluded_share=excluded_share,
            incomplete_share=incomplete_share,
        )
        if as_json:
            errors_and_exit.print_json(list(profiles))
            return
        for profile in profiles:
            click.echo(printable(json.dumps(profile, ensure_ascii=False)))

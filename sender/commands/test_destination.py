"""``test-destination``: sends sample profiles and shows each request and answer (A-TEST-1)."""

import json
import random
import sys
from typing import Any

import click

from contracts.option_numbers import Integer
from contracts.terminal import printable
from sender.commands.shared import common_options, errors_and_exit
from sender.dataflow.trigger_url import redacted_url
from sender.destination.check import Exchange, test_messages
from sender.samples import sample_profiles

LINES = "\n\t"  # that an answer of several lines may keep


@click.command(
    "test-destination",
    epilog="Example: qualtrics-sender test-destination --dataflow dataflow.toml --count 2",
)
@common_options.dataflow_options
@click.option("--count", type=Integer(1, 1000), default=1, show_default=True)
@click.option("--seed", type=int, default=0, show_default=True)
@common_options.json_option
def command(
    dataflow_path: str,
    url: str | None,
    username: str | None,
    count: int,
    seed: int,
    *,
    as_json: bool,
) -> None:
    """Send sample profiles, and print request, answer and trace id of each.

    This starts the workflow, once for each profile. A 2xx tells that the URL names a workflow that
    was enabled at least once, and that the credential is right or not asked for. It does not tell
    that the workflow is enabled now, nor how its run ends: Run history does, and for a mock
    reconcile after an export. 404 tells that the URL is wrong, or its workflow a draft or disabled.
    """
    with errors_and_exit.reported_errors():
        dataflow = common_options.load_dataflow(dataflow_path, url, username)
        profiles = sample_profiles(dataflow, count, seed)
        exchanges = list(
            test_messages(dataflow, common_options.token(), profiles, random.SystemRandom())
        )
    shown = [_mapping(exchange, redacted_url(dataflow.url)) for exchange in exchanges]
    if as_json:
        errors_and_exit.print_json({"results": shown})
    else:
        for result in shown:
            _print(result)
    sys.exit(
        0 if all(exchange.activated for exchange in exchanges) else errors_and_exit.EXIT_FAILED
    )


def _mapping(exchange: Exchange, url: str) -> dict[str, Any]:
    body = None if exchange.body is None else json.loads(exchange.body)
    return {
        "traceId": exchange.trace_id,
        "request": {"method": "POST", "url": url, "body": body},
        "response": {
            "status": exchange.status,
            "headers": dict(exchange.headers),
            "body": exchange.answer,
        },
        "meaning": exchange.meaning,
    }


def _print(result: dict[str, Any]) -> None:
    request, response = result["request"], result["response"]
    click.echo(f"trace id  {result['traceId']}")
    click.echo(f"request   POST {request['url']}")
    click.echo(f"          {printable(json.dumps(request['body'], ensure_ascii=False))}")
    click.echo(f"response  {response['status'] or 'none'}")
    click.echo(f"          {printable(response['body'].strip(), keep=LINES)}")
    if result["meaning"]:
        click.echo(f"meaning   {printable(result['meaning'])}")
    click.echo()

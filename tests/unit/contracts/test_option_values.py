"""A command receives its options as one value."""

from dataclasses import dataclass

import click
from click.testing import CliRunner

from contracts.option_values import collected


@dataclass(frozen=True)
class Place:
    city: str
    street: str | None


in_a_place = collected(Place, "place", [click.argument("city"), click.option("--street")])


@click.command()
@click.option("--loud", is_flag=True)
@in_a_place
@click.option("--name")
def greet(place, loud, name):
    """Greet somebody in a place."""
    click.echo(f"{place} {loud} {name}")


def test_the_options_are_one_value_beside_the_others():
    said = CliRunner().invoke(greet, ["Ulm", "--street", "Main", "--name", "Ada", "--loud"])
    assert said.stdout == "Place(city='Ulm', street='Main') True Ada\n"


def test_the_help_is_the_commands_and_in_order():
    shown = CliRunner().invoke(greet, ["--help"]).stdout
    assert "Greet somebody in a place." in shown
    order = [shown.index(name) for name in ("--loud", "--street", "--name")]
    assert order == sorted(order)

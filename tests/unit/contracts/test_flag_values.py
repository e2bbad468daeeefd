"""A value behind a flag is refused, and nothing else is."""

import click
import pytest
from click.testing import CliRunner

from contracts import cli
from contracts.flag_values import FlagCheckingGroup, flags_with_values
from sender import cli as sender_cli


def names_of(group):
    return group.list_commands(click.Context(group))


@pytest.mark.parametrize("group", [sender_cli.main, cli.main], ids=["sender", "contracts"])
def test_every_flag_of_every_command_says_that_it_takes_no_value(group):
    assert isinstance(group, FlagCheckingGroup)
    flags = 0
    for name in names_of(group):
        command = group.get_command(click.Context(group), name)
        for option in command.params:
            if isinstance(option, click.Option) and option.is_flag:
                flags += 1
                shown = CliRunner().invoke(group, [name, option.opts[0], "true"])
                assert shown.exit_code == 2
                said = " ".join(shown.stderr.split())
                assert f"{option.opts[0]} takes no value: found 'true' behind it" in said
    assert flags >= 5


@pytest.mark.parametrize(
    ("args", "found"),
    [
        (["--restated", "yes", "p.csv"], [("--restated", "yes")]),
        (["p.csv", "-v", "0"], [("-v", "0")]),
        (["--restated", "p.csv"], []),
        (["--limit", "1", "--restated"], []),
        (["--restated", "--", "yes"], []),
        (["--", "--restated", "yes"], []),
        (["--restated"], []),
        ([], []),
    ],
)
def test_only_a_word_like_a_value_right_behind_a_flag_is_found(args, found):
    options = [
        click.Option(["--restated"], is_flag=True),
        click.Option(["--verbose", "-v"], is_flag=True),
        click.Option(["--limit"]),
    ]
    assert list(flags_with_values(click.Command("export", params=options), args)) == found


def test_a_file_with_such_a_name_is_a_file(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "yes").touch()
    command = click.Command("export", params=[click.Option(["--restated"], is_flag=True)])
    assert list(flags_with_values(command, ["--restated", "yes"])) == []

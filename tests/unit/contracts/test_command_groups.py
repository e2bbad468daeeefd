"""Subcommands are imported when they are used; a value behind a flag is refused."""

import sys

import click
import pytest
from click.testing import CliRunner

from contracts import cli
from contracts.command_groups import FlagCheckingGroup, LazyGroup, RepeatableGroup
from loadtests import cli as load_cli
from mock_qualtrics import cli as mock_cli
from sender import cli as sender_cli

GROUPS = {
    "mock": mock_cli.main,
    "sender": sender_cli.main,
    "contracts": cli.main,
    "load": load_cli.main,
}


def names_of(group):
    return group.list_commands(click.Context(group))


@pytest.mark.parametrize(
    "group", [sender_cli.main, cli.main, load_cli.main], ids=["sender", "contracts", "load"]
)
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
    assert flags >= 2


@pytest.mark.parametrize("group", GROUPS.values(), ids=GROUPS)
def test_every_subcommand_is_of_the_groups_own_package(group):
    package = group.callback.__module__.removesuffix(".cli")
    for name in names_of(group):
        command = group.get_command(click.Context(group), name)
        assert command.callback.__module__.startswith(f"{package}.commands.")
    assert group.get_command(click.Context(group), "unheard-of") is None


def test_a_subcommand_is_imported_when_it_is_used(tmp_path, monkeypatch):
    (tmp_path / "lazily_imported.py").write_text(
        "import click\n\n@click.command()\ndef hello():\n    click.echo('hello')\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    group = LazyGroup(name="test", modules={"hello": "lazily_imported:hello"})
    assert names_of(group) == ["hello"]
    assert "lazily_imported" not in sys.modules
    assert CliRunner().invoke(group, ["hello"]).stdout == "hello\n"
    monkeypatch.delitem(sys.modules, "lazily_imported")


def test_ctrl_c_ends_with_a_code_of_its_own_and_says_what_to_do():
    group = RepeatableGroup(name="test", modules={"stop": f"{__name__}:interrupted"})
    result = CliRunner().invoke(group, ["stop"])
    assert (result.exit_code, result.stdout) == (3, "")
    assert result.stderr == "error: interrupted; give the same command again\n"


@click.command()
def interrupted():
    raise KeyboardInterrupt

"""A value behind a flag is found, and nothing else is."""

import click
import pytest

from contracts.flag_values import flags_with_values


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

"""Options about profiles that contradict each other are one error each."""

import click
import pytest

from loadtests.commands.plan_profiles import ProfileOptions, messages_of

FILES = ("profiles.csv",)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({}, "no profiles: expected --profiles N, or --dataflow FILE and PROFILES"),
        ({"dataflow_path": "d.toml"}, "--dataflow without PROFILES"),
        ({"files": FILES}, "PROFILES 'profiles.csv' without --dataflow"),
        ({"count": 1, "files": FILES}, "--profiles with PROFILES"),
        ({"count": 1, "dataflow_path": "d.toml"}, "--profiles with --dataflow"),
        ({"count": 1, "outbox_path": "o.sqlite"}, "--profiles with --outbox"),
        ({"count": 1, "where": "an-audience"}, "--profiles with --where"),
        ({"count": 1, "format_name": "csv"}, "--profiles with --format"),
        ({"count": 1, "delimiter": ";"}, "--profiles with --delimiter"),
        ({"count": 1, "allow_missing_columns": True}, "--profiles with --allow-missing-columns"),
    ],
)
def test_a_contradiction_is_one_error(options, message):
    with pytest.raises(click.UsageError) as refused:
        ProfileOptions(**options).check()
    assert message in str(refused.value)


def test_a_number_of_profiles_is_messages_without_files():
    options = ProfileOptions(count=12)
    options.check()
    messages, reading = messages_of(options)
    assert (messages.profiles, reading.profiles, reading.restates) == (12, 12, True)
    assert options.supposed() == messages


def test_the_environment_s_url_says_nothing_of_a_number():
    ProfileOptions(count=12, url="http://127.0.0.1:8084/").check()

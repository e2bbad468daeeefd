"""Which addresses of a store can be read, and what is said of all others."""

import pytest

from mock_qualtrics.errors import StoreFailedError
from mock_qualtrics.store.address import read_address

PORT = "found a port that is no number from 1 to 65535, expected postgresql"
SCHEMES = "expected memory, sqlite:///PATH or postgresql"


def test_the_parts_of_an_address_are_read(tmp_path):
    assert read_address("memory") is None
    assert read_address(f"sqlite:///{tmp_path}/a b.db").database == f"{tmp_path}/a b.db"
    assert read_address("postgresql+psycopg://u:p@h:5432/db?connect_timeout=3").port == 5432
    assert read_address("postgresql+psycopg://u@/db?host=/run/x").host is None


@pytest.mark.parametrize("port", ["abc", "", "0", "-1", "65536", "1e3", "5432x", "9" * 30])
@pytest.mark.parametrize("user", ["", "u@", "u:PLACEHOLDER@"])
def test_a_broken_port_is_one_sentence_without_a_password(user, port):
    with pytest.raises(StoreFailedError, match=PORT) as refused:
        read_address(f"postgresql+psycopg://{user}h:{port}/db")
    assert "PLACEHOLDER" not in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_password_without_its_sign_is_not_shown_as_a_port():
    with pytest.raises(StoreFailedError, match=PORT) as refused:
        read_address("postgresql+psycopg://dave:PLACEHOLDER")
    assert "PLACEHOLDER" not in str(refused.value)
    assert refused.value.__cause__ is None


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("", SCHEMES),
        ("foo.db", f"found 'foo.db', {SCHEMES}"),
        ("MEMORY", SCHEMES),
        ("://", SCHEMES),
        ("mysql://h/db", f"found 'mysql://h/db', {SCHEMES}"),
        ("mysql://dave:PLACEHOLDER@h/db", f"failed: {SCHEMES}"),
        ("mysql://h/db?password=PLACEHOLDER", f"failed: {SCHEMES}"),
        ("postgresql+psycopg://[::1/db", PORT),
        ("sqlite://", SCHEMES),
        ("sqlite:///", SCHEMES),
        ("sqlite:///:memory:", SCHEMES),
        ("sqlite://host/x.db", SCHEMES),
        ("sqlite:///file:x.db", SCHEMES),
        ("sqlite:///a\0b", "found a NUL in the path"),
        ("sqlite:///x.db?mode=ro", "found settings behind the path"),
        ("sqlite:///is it?.db", "write a ? of the path as %3F"),
        ("sqlite:///" + "x" * 5_000, "File name too long"),
        ("sqlite:////", "/: found no regular file, expected one or none yet"),
    ],
)
def test_any_other_address_is_one_sentence(url, reason):
    with pytest.raises(StoreFailedError) as refused:
        read_address(url)
    assert reason in str(refused.value)
    assert "PLACEHOLDER" not in str(refused.value)


@pytest.mark.parametrize(
    "rest", ["PLACEHOLDER@h:1/db", "PLACEHOLDER/x@h:1/db", "x@PLACEHOLDER@h/db"]
)
def test_the_rest_of_a_password_with_an_at_is_not_taken_for_a_host(rest):
    with pytest.raises(StoreFailedError, match="write each @ of a password as %40") as refused:
        read_address(f"postgresql+psycopg://dave:PLACE@{rest}")
    assert "PLACEHOLDER" not in str(refused.value)
    assert read_address("postgresql+psycopg://dave:a%40b@h/db").password == "a@b"
    assert read_address("postgresql+psycopg://dave:a@h/d%40b").host == "h"

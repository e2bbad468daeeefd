"""What must not be printed is hidden, and nothing else is."""

import base64

import pytest

from contracts.redaction import (
    command_line,
    encoded_parts,
    hide_credentials,
    hide_secret,
    hide_secrets,
    holds_encoded_token,
    names_a_secret,
    redact,
)

TOKEN = "PLACEHOLDERTOKENPLACEHOLDERTOKENPLACEHOL"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("from dave@example.com, twice", "from ***, twice"),
        ("user dave@example.com#brand", "user ***"),
        ('{"id":"dave@example.com"}', '{"id":"***"}'),
        (f"token {TOKEN}.", "token ***."),
        (f"{TOKEN}X is longer than a token", f"{TOKEN}X is longer than a token"),
        ("http://h/t?urlTokenId=0000-1&x=1", "http://h/t?urlTokenId=***&x=1"),
        ("http://h/t?URLTOKENID=0000-1", "http://h/t?URLTOKENID=***"),
        ("nothing to hide @ all", "nothing to hide @ all"),
        ("$[?@.a==1]", "$[?@.a==1]"),
        ("$[?@[?@.a]]", "$[?@[?@.a]]"),
        ("$[?@.to=='dave@example.com']", "$[?@.to=='***']"),
    ],
)
def test_secrets_in_a_text_are_hidden(text: str, shown: str):
    assert redact(text) == shown


@pytest.mark.parametrize(
    "key", ["token", "apiToken", "X-API-TOKEN", "Password", "api_key", "secret"]
)
def test_a_key_can_tell_that_its_value_is_secret(key: str):
    assert names_a_secret(key)
    assert not names_a_secret("username")


def test_a_long_text_is_read_once_and_not_from_every_place_in_it():
    assert redact("a" * 1_000_000) == "a" * 1_000_000  # minutes, were it read from each
    assert redact("$" + ".a" * 500_000 + "@example.com") == "***"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (f"a {TOKEN} b", "a *** b"),
        (f"{TOKEN}X", f"{TOKEN}X"),
        ('{"apiToken": "x\\"y", "a": 1}', '{"apiToken": "***", "a": 1}'),
        ('{"x-api-key":"x', '{"x-api-key":"***'),
        ('{"my password" : 1234}', '{"my password" : ***}'),
        ('{"secrets": ["a"], "token": {"a": 1}}', '{"secrets": ["a"], "token": {"a": 1}}'),
        ("api_key=x&y=2", "api_key=***&y=2"),
        ("Authorization: Bearer abc.def", "Authorization: Bearer ***"),
        ('"BASIC YWJjZGVm"', '"BASIC ***"'),
        ("basic usage of a basic thing", "basic usage of a basic thing"),
        ('{"email": "dave@example.com"}', '{"email": "dave@example.com"}'),
    ],
)
def test_of_a_body_only_credentials_are_hidden(text, shown):
    assert hide_credentials(text) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Authorization: Basic ZGF2ZTpQTEFDRQ==", "Authorization: *** ***"),
        ("X-API-TOKEN: PLACEHOLDER", "X-API-TOKEN: ***"),
        ("x-api-token: abc1, twice", "x-api-token: ***, twice"),
        ("Set-Cookie: a=b; c=d\nnext", "Set-Cookie: ***\nnext"),
        ("https://dave:PLACEHOLDER@host.example/x", "https://host.example/x"),
        ("http://h/t?urlTokenId=0000-1&x=1", "http://h/t?urlTokenId=***&x=1"),
        ('{"apiToken": "PLACEHOLDER"}', '{"apiToken": "***"}'),
        (f"sent {TOKEN}", "sent ***"),
        ("from dave@example.com, twice", "from d***@e***.com, twice"),
        ("from d***@e***.com, twice", "from d***@e***.com, twice"),
        ("$.ups[?@.status]", "$.ups[?@.status]"),
        ("Basic authentication was expected", "Basic authentication was expected"),
        ("X-API-TOKEN: found nothing", "X-API-TOKEN: found nothing"),
        ("the token stood in the query", "the token stood in the query"),
    ],
)
def test_a_report_shows_no_secret_and_of_an_address_what_tells_it_apart(text, shown):
    assert hide_secrets(text) == shown


@pytest.mark.parametrize(
    "line",
    [
        'curl -H "X-API-TOKEN: $QUALTRICS_API_TOKEN" -H Expect:',
        'curl "$QUALTRICS_URL""&token=$QUALTRICS_API_TOKEN"',
        "authorization: $TOKEN",
        "-H 'Authorization: Bearer $TOKEN' and Basic $QUALTRICS_API_TOKEN",
    ],
)
def test_a_variable_of_a_shell_is_no_secret(line: str):
    assert hide_secrets(line) == line


@pytest.mark.parametrize("secret", ["$ecret1", "$A-b", "$ABCdef", "$"])
def test_a_secret_that_begins_as_a_variable_does_is_hidden(secret: str):
    assert hide_secrets(f"X-API-TOKEN: {secret}") == "X-API-TOKEN: ***"
    assert hide_secrets(f"Authorization: Bearer {secret}secret") == "Authorization: *** ***"
    assert hide_secrets(f"?token={secret}&a=1") == "?token=***&a=1"


@pytest.mark.parametrize("hide", [hide_credentials, hide_secrets, redact])
@pytest.mark.parametrize("encode", [base64.b64encode, base64.urlsafe_b64encode])
@pytest.mark.parametrize("user", ["", "a", "ab", "dave#brand"])
def test_base64_of_a_token_is_hidden_whole(hide, encode, user):
    pair = encode(f"{user}:{TOKEN}".encode()).decode()
    for form in (pair, pair.rstrip("="), f"v1-{pair}"):
        assert hide(f'http://h/a/{form}?b=1 and {{"c": "{form}"}}') == (
            'http://h/a/***?b=1 and {"c": "***"}'
        )
        assert holds_encoded_token(form)


@pytest.mark.parametrize(
    "text",
    [
        base64.b64encode(b"a sentence of some words, which is longer than any token").decode(),
        base64.b64encode(b"x" * 60).decode(),
        base64.b64encode(bytes(range(60))).decode(),
        "word-" * 30,
    ],
)
def test_other_base64_stays(text):
    assert hide_credentials(text) == text
    assert not holds_encoded_token(text)


def test_a_long_text_of_base64_is_decoded_once():
    text = "QUJD" * 250_000
    assert hide_credentials(text) == text


@pytest.mark.parametrize("user", ["", "a", "ab", "\u00e4?>~"])
@pytest.mark.parametrize("rest", ["", ":", "::", ":x"])
def test_a_known_secret_is_hidden_in_base64_too(user, rest):
    pair = base64.urlsafe_b64encode(f"{user}:PLACEHOLDER{rest}".encode()).decode()
    assert hide_secret(f"PLACEHOLDER ({pair})", "PLACEHOLDER") == "*** (***)"
    assert any(part in pair for part in encoded_parts("PLACEHOLDER"))


def test_of_a_short_secret_no_part_is_looked_for():
    assert encoded_parts("abc") == ()
    assert hide_secret("YWJj abc", "abc") == "YWJj ***"


@pytest.mark.parametrize(
    ("words", "line"),
    [
        (["sh", "-c", "a && b"], "sh -c 'a && b'"),
        (["x", "--api-token", "PLACEHOLDER"], "x --api-token '***'"),
        (["x", "--api-token=PLACEHOLDER"], "x --api-token=***"),
        (["env", "QUALTRICS_API_TOKEN=PLACEHOLDER", "x"], "env QUALTRICS_API_TOKEN=*** x"),
        (["x", "--api-token=$QUALTRICS_API_TOKEN"], "x '--api-token=$QUALTRICS_API_TOKEN'"),
        (["curl", "-H", "X-API-TOKEN: PLACEHOLDER"], "curl -H 'X-API-TOKEN: ***'"),
        (["curl", "-u", "dave:PLACEHOLDER"], "curl -u '***'"),
        (["curl", "-udave:PLACEHOLDER"], "curl '-u***'"),
        (["curl", "--user=dave:PLACEHOLDER"], "curl '--user=***'"),
        (["curl", "--user", "dave:a b\nc"], "curl --user '***'"),
        (["python", "-u", "connector.py"], "python -u connector.py"),
        (["x", "token", "y"], "x token y"),
        ([], ""),
    ],
)
def test_a_command_can_be_typed_again_but_for_its_secrets(words: list[str], line: str):
    assert command_line(words) == line

"""Where a call carries its tenant's token."""

import base64

import pytest

from contracts.secret import Secret
from mock_qualtrics.gate.token_places import token_places
from mock_qualtrics.model import Call, TokenPlace

TOKEN = "PLACEHOLDER-TOKEN"
PAIR = base64.b64encode(f"user:{TOKEN}".encode()).decode()
BROKEN = f"{PAIR[:10]}.{PAIR[10:]}"  # in the forms of base64 that some libraries take
OTHER = base64.b64encode(b"user:another-token-of-that-length").decode().rstrip("=")
OTHER = OTHER[: len(OTHER) // 4 * 4]
BASIC = f"Basic {PAIR}"
BASIC_AND_OTHER = TokenPlace.BASIC | TokenPlace.OTHER_HEADER


@pytest.mark.parametrize(
    ("headers", "query", "body", "places"),
    [
        ((), "urlTokenId=1", b"{}", 0),
        ((("x-api-token", TOKEN),), "", b"{}", TokenPlace.HEADER),
        ((("authorization", BASIC),), "", b"{}", TokenPlace.BASIC),
        ((("authorization", f"Bearer {TOKEN}"),), "", b"{}", TokenPlace.HEADER),
        ((("authorization", BASIC), ("x-copy", TOKEN)), "", b"{}", BASIC_AND_OTHER),
        ((("authorization", BASIC.replace(" ", "  ")),), "", b"{}", TokenPlace.BASIC),
        ((("authorization", f"Digest, {BASIC}"),), "", b"{}", TokenPlace.BASIC),
        ((("authorization", "Basic ?"), ("x-other", BASIC)), "", b"{}", TokenPlace.OTHER_HEADER),
        ((("x-api-token", PAIR),), "", b"{}", TokenPlace.HEADER),
        ((("cookie", f"a={PAIR}; b=c"),), "", b"{}", TokenPlace.OTHER_HEADER),
        ((), f"urlTokenId=1&auth={PAIR}", b"{}", TokenPlace.QUERY),
        ((), f"a={'b' * 3_000}&auth={PAIR}", b"{}", TokenPlace.QUERY),
        ((), "", b'{"auth": "%s"}' % PAIR.encode(), TokenPlace.BODY),
        ((), f"a={PAIR[:20]}", PAIR[:20].encode(), 0),
        ((("authorization", "Basic \u00e4"),), "", b"{}", 0),
        ((("authorization", f"Basic {BROKEN}"),), "", b"{}", TokenPlace.BASIC),
        ((("authorization", f"Digest, Basic {BROKEN}"),), "", b"{}", TokenPlace.BASIC),
        ((("authorization", f"Basic {OTHER}"),), "", b"{}", 0),
        ((("authorization", f"Basic {OTHER}A"),), "", b"{}", 0),
        ((("authorization", "Basic " + "\u00e4" * 30),), "", b"{}", 0),
        ((("x-other", OTHER), ("x-api-token", OTHER)), "", b"{}", 0),
        ((("cookie", f"token={TOKEN}"),), "", b"{}", TokenPlace.OTHER_HEADER),
        ((("referer", f"http://x/?{TOKEN}"),), "", b"{}", TokenPlace.OTHER_HEADER),
        ((), f"urlTokenId=1&token={TOKEN}", b"{}", TokenPlace.QUERY),
        ((), "", b'{"token": "%s"}' % TOKEN.encode(), TokenPlace.BODY),
        (
            (("x-api-token", TOKEN), ("authorization", BASIC), ("cookie", TOKEN)),
            f"t={TOKEN}",
            TOKEN.encode(),
            sum(TokenPlace),
        ),
    ],
)
def test_every_place_is_found(headers, query, body, places):
    assert token_places(Call("POST", "/", query, headers, body), Secret(TOKEN)) == places


@pytest.mark.parametrize("user", ["", "a", "ab", "abc", "dave@example.com#brand", "\u00e4?>~"])
@pytest.mark.parametrize("encode", [base64.b64encode, base64.urlsafe_b64encode])
def test_base64_of_a_token_is_known_whatever_stands_around_it(user, encode):
    for rest in ("", ":", "&x=1"):
        body = encode(f"{user}:{TOKEN}{rest}".encode())
        assert token_places(Call("POST", "/", "", (), body), Secret(TOKEN)) == TokenPlace.BODY


def test_a_token_in_the_path_stands_in_the_url_too():
    call = Call("POST", f"/triggers/{TOKEN}", "", (), b"{}")
    assert token_places(call, Secret(TOKEN)) == TokenPlace.QUERY

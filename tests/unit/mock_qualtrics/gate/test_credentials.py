import base64

import pytest

from contracts.secret import Secret
from mock_qualtrics.gate.credentials import Shown, Verdict, judge, shown
from mock_qualtrics.model import Call

NAME, TOKEN = "dave#brand", "PLACEHOLDERTOKEN"
RIGHT = Shown(Secret(TOKEN))
WRONG = Shown(Secret("another"))


def verdict(*credentials: Shown | Verdict, **settings: bool) -> Verdict:
    return judge(credentials, NAME, Secret(TOKEN), **settings)


def read(*headers: tuple[str, str]) -> Verdict:
    return verdict(*shown(Call("POST", "/", "", headers, b"")))


def basic(text: str | bytes, scheme: str = "Basic") -> tuple[str, str]:
    data = text if isinstance(text, bytes) else text.encode()
    return "authorization", f"{scheme} {base64.b64encode(data).decode()}"


def test_of_several_credentials_the_first_wrong_one_decides():
    assert verdict(RIGHT, WRONG, Verdict.MALFORMED) is Verdict.WRONG
    assert verdict(RIGHT, Verdict.MALFORMED, WRONG) is Verdict.MALFORMED
    assert verdict(RIGHT, RIGHT) is Verdict.RIGHT
    assert verdict() is Verdict.NONE


def test_one_right_one_is_enough_where_that_is_assumed():
    assert verdict(WRONG, RIGHT, one_is_enough=True) is Verdict.RIGHT
    assert verdict(WRONG, Verdict.MALFORMED, one_is_enough=True) is Verdict.WRONG
    assert verdict(one_is_enough=True) is Verdict.NONE


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (basic(f"{NAME}:{TOKEN}"), Verdict.RIGHT),
        (basic(f"{NAME}:{TOKEN}", " bAsIc "), Verdict.RIGHT),
        (basic(f"other:{TOKEN}"), Verdict.WRONG),
        (basic(f"{NAME}:other"), Verdict.WRONG),
        (basic(f"a:{NAME}:{TOKEN}"), Verdict.WRONG),
        (basic("without a colon"), Verdict.MALFORMED),
        (basic(b"\xff:\xff"), Verdict.MALFORMED),
        (("authorization", "Basic !"), Verdict.MALFORMED),
        # A lenient reader of base64 passes over other characters.
        (("authorization", f"{basic(f'{NAME}:{TOKEN}')[1]}!"), Verdict.MALFORMED),
        (("authorization", "Bearer abc"), Verdict.UNSUPPORTED),
        (("authorization", "  "), Verdict.NONE),
        (("x-api-token", f" {TOKEN} "), Verdict.RIGHT),
        (("x-api-token", " "), Verdict.NONE),
        (("x-api-token", "ü\udc80"), Verdict.WRONG),
        (("cookie", TOKEN), Verdict.NONE),
    ],
)
def test_a_header_is_read(header, expected):
    assert read(header) is expected


def test_a_username_with_a_colon_is_whole():
    (credential,) = shown(Call("POST", "/", "", (basic("a:b:c"),), b""))
    assert (credential.username.reveal(), credential.token.reveal()) == ("a:b", "c")

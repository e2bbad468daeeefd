"""An event is shown masked or as it came, and large ones are folded and cut."""

import json

from mock_qualtrics.web.pages.run_details.event_view import LARGE_CHARACTERS, event_view

URL = "http://mock.example/triggers?urlTokenId=x"


def view(text: str, *, revealed: bool = False) -> dict[str, object]:
    return event_view(text, ["dave@example.com"], URL, "RUN_1.json", revealed=revealed)


def test_a_masked_event_names_no_identity_anywhere_not_even_to_be_copied():
    shown = view('{"id":"dave@example.com","a":1,"a":1.0}')
    assert "dave" not in str(shown)
    assert '"a": 1,\n  "a": 1.0' in shown["pretty"]
    assert "@RUN_1.json" in shown["curl"]
    assert (shown["file"], shown["copy"], shown["is_large"]) == ("RUN_1.json", None, False)


def test_a_revealed_event_can_be_copied_and_is_in_the_curl_line():
    text = '{"id":"dave@example.com"}'
    shown = view(text, revealed=True)
    assert (shown["copy"], shown["raw"], shown["file"]) == (text, text, None)
    assert text in shown["curl"]
    assert "$QUALTRICS_API_TOKEN" in shown["curl"]


def test_a_large_event_is_cut_and_goes_to_the_command_as_a_file():
    text = json.dumps([{"id": "dave@example.com", "n": number} for number in range(3_000)])
    shown = view(text, revealed=True)
    assert shown["is_large"]
    assert shown["is_cut"]
    assert (shown["raw"], shown["copy"], shown["file"]) == (None, None, "RUN_1.json")
    assert len(shown["pretty"]) < len(text)
    assert len(text) > LARGE_CHARACTERS

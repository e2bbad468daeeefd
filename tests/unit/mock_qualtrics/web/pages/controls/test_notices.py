import pytest

from mock_qualtrics.web.pages.controls.notices import notice

IDLE = {"done": "idle", "succeeded": "1", "failed": "0", "pending": "0"}


def test_what_was_done_is_said_with_its_counts():
    assert "reset" in notice({"done": "reset"})
    assert notice(IDLE) == "1 run finished: 1 succeeded, 0 failed. Nothing waits."
    nothing = IDLE | {"succeeded": "0", "pending": "2"}
    assert notice(nothing) == "No run finished. 2 still pending."


@pytest.mark.parametrize(
    "query",
    [{}, {"done": "<b>"}, IDLE | {"failed": "many"}, {"done": "idle"}, IDLE | {"failed": "²"}],
)
def test_an_address_cannot_put_words_on_the_page(query):
    assert notice(query) is None

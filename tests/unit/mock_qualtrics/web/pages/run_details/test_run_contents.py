"""What the page of one run shows."""

from mock_qualtrics.web.pages.run_details.run_contents import pretty


def test_what_is_shown_for_reading_keeps_every_letter():
    assert pretty({"name": "Dävid"}) == '{\n  "name": "Dävid"\n}'

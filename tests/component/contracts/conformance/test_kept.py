"""What is kept of a scenario, whatever its connector has made of the folder."""

import pytest

from contracts.verdicts import Outcome
from support.scenarios import scenario


@pytest.mark.parametrize(
    "spoil",
    [
        'rm -r "$KEPT"',
        'rm -r "$KEPT"; echo >"$KEPT"',
        'rm -r "$KEPT"; ln -s "$ELSEWHERE" "$KEPT"',
        'ln -s "$ELSEWHERE/file" "$KEPT/output.txt"; ln -s nowhere "$KEPT/calls.jsonl"',
        'mkdir -p "$KEPT/output.txt/a" "$KEPT/calls.jsonl"',
    ],
)
def test_a_connector_that_spoils_its_folder_is_judged_and_only_its_folder_is_written(
    suite, tmp_path, spoil
):
    elsewhere, keep = tmp_path / "elsewhere", tmp_path / "keep"
    elsewhere.mkdir()
    keep.mkdir()
    script = f'KEPT="${{WORK_FOLDER%/*}}" ELSEWHERE="{elsewhere}"; {spoil}; echo said'
    verdict = suite(script, keep=keep).judge(scenario())
    assert (verdict.outcome, verdict.reasons[0][:12]) == (Outcome.FAILED, "no call came")
    folder = keep / "one-message"
    assert (folder / "output.txt").read_text("utf-8") == "said\n"
    assert (folder / "calls.jsonl").read_text("utf-8") == ""
    assert list(elsewhere.iterdir()) == []

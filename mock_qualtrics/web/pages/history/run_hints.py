"""Why runs may be missing from a list, in sentences. Pure."""

from typing import Any

from mock_qualtrics.journal.counters import RUN_NOW
from mock_qualtrics.web.pages.calls.call_explanations import all_calls
from mock_qualtrics.web.pages.calls.refusal_words import words

_STARTS_NOTHING = {
    "draft": "This workflow is a draft: its calls start nothing before it is enabled.",
    "published": "This workflow was never enabled: its calls start nothing before that.",
    "disabled": "This workflow is disabled: its calls start nothing.",
}


def hints(state: str, totals: dict[str, Any], unattributed: int) -> list[str]:
    """Return hints why runs may be missing, such as a wrong URL or a disabled workflow (Q-WF-1).

    Args:
        state: the chosen workflow's place in its life cycle (Q-WF-6).
        totals: the totals of its tenant.
        unattributed: the number of calls that name no tenant.
    """
    texts = []
    if state in _STARTS_NOTHING:
        texts.append(_STARTS_NOTHING[state])
    if ignored := totals["ignored"]:
        texts.append(f"{calls_were(ignored)} ignored, because a workflow was disabled.")
    if refused := totals["refused"]:
        texts.append(f"{calls_were(refused)} refused: {_by_reason(totals['refusedBy'])}.")
    others = dict(totals["otherCallsBy"])
    if by_hand := others.pop(RUN_NOW, 0):
        runs_were = "1 run was" if by_hand == 1 else f"{by_hand} runs were"
        texts.append(f"{runs_were} started by Run now, without a call of the trigger (Q-WF-7).")
    if others:
        were = calls_were(sum(others.values()))
        texts.append(f"{were} to other paths: {_by_reason(others)}.")
    if unattributed:
        number = "1 call" if unattributed == 1 else f"{unattributed} calls"
        texts.append(f"{number} named no workflow: is the URL that is called this workflow's own?")
    if not all_calls(totals) and not unattributed:
        texts.append("No call has come in yet.")
    return texts


def calls_were(count: int) -> str:
    """Return ``1 call was``, or with another number ``calls were``."""
    return "1 call was" if count == 1 else f"{count} calls were"


def _by_reason(counts: dict[str, int]) -> str:
    return ", ".join(f"{words(reason).label} {count}" for reason, count in counts.items())

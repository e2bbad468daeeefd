"""What else may explain an answer in a recording: the other calls to the same URL tell. Pure."""

from collections.abc import Iterable
from typing import Final

from contracts.probe.recorded_calls import Seen

NO_CREDENTIAL: Final = 401
_TOO_LARGE, _MEDIA_TYPE, _CONTENT = 413, 415, 422
# What an answer to an unusual call is clear about; any other may have another cause.
_CLEAR: Final = {
    "Q-URL-1.method": 405,
    "Q-LIM-3.status": _TOO_LARGE,
    "Q-LIM-3.encoding": _MEDIA_TYPE,
    "Q-BODY-1.status": _CONTENT,
    "Q-BODY-1.object": _CONTENT,
    "Q-BODY-1.type": _MEDIA_TYPE,
    "Q-BODY-1.missing": _MEDIA_TYPE,
}
# A disabled workflow may answer so too: clear where the URL is accepted before and later.
_PERHAPS_DISABLED: Final = frozenset({400, 404})
_NEVER: Final = float("-inf")


class UrlHistory:
    """What is known of a URL from all calls to it; made once, for a recording may be long.

    Args:
        calls: all calls to the URL.
    """

    def __init__(self, calls: Iterable[Seen]) -> None:
        self._first_taken = -_NEVER
        self._last_accepted = _NEVER
        self._refuses_ordinary = False
        self._taken_with: set[frozenset[str]] = set()
        self._token_accepted: dict[str, float] = {}
        self._refused_tokens: set[str] = set()
        for call in calls:
            self._add(call)

    @property
    def is_taken(self) -> bool:
        """Whether an ordinary call to it was taken."""
        return bool(self._taken_with)

    def other_cause(self, call: Seen, id_: str) -> str:
        """Return what else may explain a call that is unusual in one way and was refused.

        Args:
            call: the call.
            id_: the question that it asks.

        Returns:
            Words that follow the status; empty when nothing else explains it.
        """
        if call.tokens not in self._taken_with:
            return "may be about its credential, which no accepted call has"
        if self._refuses_ordinary:
            return "may be about its URL, which refused ordinary calls too"
        if self._first_taken >= call.at:
            return "may mean a workflow that was not enabled yet"
        if call.status == _CLEAR[id_]:
            return ""
        if call.status not in _PERHAPS_DISABLED:
            return "may have another reason than what is unusual about the call"
        is_later = self._last_accepted > call.at
        return "" if is_later else "may mean a workflow that was disabled by then"

    def right_of(self, call: Seen) -> frozenset[str]:
        """Return which of a call's tokens ordinary calls were taken with."""
        return call.tokens & frozenset().union(*self._taken_with)

    def other_cause_of_two(self, call: Seen) -> str:
        """Return what else may explain the answer to a call with a right and another credential."""
        right = self.right_of(call)
        if not call.accepted:
            last = max(self._token_accepted.get(token, _NEVER) for token in right)
            return "" if last > call.at else "may mean that the right credential was replaced"
        other = call.tokens - right
        if other and other <= self._refused_tokens:
            return ""
        return "may mean that both are right or none is needed: the other is not refused alone"

    def _add(self, call: Seen) -> None:
        has_two = len(call.tokens) > 1
        if call.accepted:
            self._last_accepted = max(self._last_accepted, call.at)
            for token in () if has_two else call.tokens:
                self._token_accepted[token] = max(self._token_accepted.get(token, _NEVER), call.at)
        elif call.status == NO_CREDENTIAL and not has_two:
            self._refused_tokens |= call.tokens
        if call.is_taken:
            self._first_taken = min(self._first_taken, call.at)
            self._taken_with.add(call.tokens)
        elif not (call.accepted or call.oddities or call.is_about_others):
            self._refuses_ordinary = True

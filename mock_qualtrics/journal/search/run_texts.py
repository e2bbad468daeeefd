"""Whether a run has what is looked for in its texts, which no index knows. Pure."""

import json
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from mock_qualtrics.journal.search.wanted_runs import FAILURES, WantedRuns


class RunTexts(NamedTuple):
    """What is looked through of a run; None also where nobody asked for it."""

    seq: int
    error: str | None
    detail: str | None
    trace_id: str | None
    body: bytes | None

    @property
    def size_bytes(self) -> int:
        """About how much is looked through."""
        return len(self.body or b"") + len(self.detail or "")


class TextConditions:
    """The conditions on texts, in the form in which they are compared.

    Args:
        wanted: which runs.
    """

    def __init__(self, wanted: WantedRuns) -> None:
        self._errors = [text.casefold() for text in wanted.errors]
        self._words = [word.casefold() for word in wanted.words]
        self._task = None if wanted.task is None else wanted.task.casefold()
        self._only_failed = wanted.states <= FAILURES
        self._trace_id = wanted.trace_id
        self.need_detail = bool(wanted.words) or wanted.task is not None
        self.need_trace_id = bool(wanted.words) or wanted.trace_id is not None
        self.need_body = bool(wanted.words)

    def met_by(self, run: RunTexts) -> bool:
        """Return whether a run meets all of them."""
        if self._trace_id is not None and run.trace_id != self._trace_id:
            return False
        error = (run.error or "").casefold()
        if not _has_all(error, self._errors):
            return False
        if self._task is not None and not self._has_task(run.detail):
            return False
        return not self._words or self._has_words(run, error)

    def _has_task(self, detail: str | None) -> bool:
        tasks = json.loads(detail).get("tasks", []) if detail else []
        return any(
            task["name"].casefold() == self._task
            and (task["status"] == "Failed" or not self._only_failed)
            for task in tasks
        )

    def _has_words(self, run: RunTexts, error: str) -> bool:
        texts = [error, (run.trace_id or "").casefold()]
        left = [word for word in self._words if not any(word in text for text in texts)]
        if left and run.body:
            event = readable(run.body.decode("utf-8-sig")).casefold()
            left = [word for word in left if word not in event]
        # Most outcomes have none of the words in any way: these need not be read.
        if left and run.detail and ("\\" in run.detail or _has_all(run.detail.casefold(), left)):
            values = "\n".join(_leaves(json.loads(run.detail))).casefold()
            return _has_all(values, left)
        return not left


def _has_all(text: str, words: Iterable[str]) -> bool:
    return all(word in text for word in words)


def readable(text: str) -> str:
    """Return a JSON text, followed by its strings as they are meant where some have escapes."""
    if "\\" not in text:
        return text
    try:
        # A number may have too many digits for an integer.
        value = json.loads(text, parse_int=str, object_pairs_hook=_both)
        return "\n".join([text, *_leaves(value)])
    except (ValueError, RecursionError):
        return text


def _both(pairs: list[tuple[str, Any]]) -> list[Any]:
    """Return keys and values, so that both are found, of repeated keys too."""
    return [part for pair in pairs for part in pair]


def _leaves(value: object) -> Iterator[str]:
    """Yield the texts and numbers in a value; the keys of objects are the form, not the content."""
    waiting = [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, dict):
            waiting += one.values()
        elif isinstance(one, list):
            waiting += one
        elif one is not None:
            yield str(one)

"""The search box's language: text in, one value out, and back in one normal form. Pure.

``status:failed task:Invite after:10m workflow:"Send the survey" free words "a phrase"``
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from mock_qualtrics.errors import MockError
from mock_qualtrics.gate.header_redaction import kept_trace_id
from mock_qualtrics.journal import State, states
from mock_qualtrics.journal.calls.run_documents import View
from mock_qualtrics.journal.search.wanted_runs import WantedRuns
from mock_qualtrics.model import Microseconds
from mock_qualtrics.web.pages.history.search_terms import (
    STATUSES,
    TERMS,
    Moment,
    NotExpectedError,
    Term,
)

LONGEST_CHARACTERS: Final = 1_000
_SHOWN_CHARACTERS: Final = 20
_MOST_NAMES: Final = 10
_BY_NAME: Final = {term.name: term for term in TERMS}
_TOKEN: Final = re.compile(
    r"""\s*(?:(?P<name>[A-Za-z-]+):)?(?:"(?P<quoted>(?:[^"\\]|\\.)*)"(?=\s|$)|(?P<bare>[^\s"]\S*)?)""",
    re.DOTALL,
)
_NAMED: Final = re.compile(r"[A-Za-z-]+:")


class SearchTextError(MockError):
    """The text of a search is none; says where, and what was expected."""

    def __init__(self, place: int, found: str, expected: str) -> None:
        super().__init__(f"At character {place + 1}: found {found}, expected {expected}")


@dataclass(frozen=True, slots=True)
class Search:
    """What a text asks for; ``str`` writes it in its normal form.

    Attributes:
        status: the names of statuses, any of them; none for all.
        view: one of the two views of Run history (Q-RUN-2); None for all runs.
        workflow: the names or ids of workflows, any of them; none for all.
        after: received at this moment or later.
        before: received before this moment.
        task: the name of a task.
        error: texts that the error has.
        trace: the trace id of the call.
        words: texts that the run has somewhere.
    """

    status: tuple[str, ...] = ()
    view: View | None = None
    workflow: tuple[str, ...] = ()
    after: Moment | None = None
    before: Moment | None = None
    task: str | None = None
    error: tuple[str, ...] = ()
    trace: str | None = None
    words: tuple[str, ...] = ()

    def __str__(self) -> str:
        """Return the normal form: the terms in the order of `TERMS`, then the words."""
        named = [f"{term.name}:{_quoted(value)}" for term in TERMS for value in self._values(term)]
        return " ".join([*named, *map(_quoted, self.words)])

    def _values(self, term: Term) -> Iterable[object]:
        value = getattr(self, term.name)
        return value if term.repeats else [] if value is None else [value]

    def wanted(
        self, tenant_number: int, now: Microseconds, workflow_ids: Mapping[str, Sequence[str]]
    ) -> WantedRuns:
        """Return which runs are looked for.

        Args:
            tenant_number: the tenant.
            now: the instant of the tenant's clock, from which ages count.
            workflow_ids: the ids of the tenant's workflows by name; several may have one name.

        Raises:
            SearchTextError: there is no such workflow.
        """
        return WantedRuns(
            tenant_number,
            workflow_ids=self._workflow_ids(workflow_ids) if self.workflow else None,
            states=self._states(),
            since=None if self.after is None else self.after.at(now),
            until=None if self.before is None else self.before.at(now),
            task=self.task,
            errors=self.error,
            trace_id=None if self.trace is None else kept_trace_id(self.trace),
            words=self.words,
        )

    def _states(self) -> frozenset[State]:
        of_statuses = [STATUSES[name] for name in self.status] or [frozenset(State)]
        return frozenset(states(self.view, None)).intersection(frozenset().union(*of_statuses))

    def _workflow_ids(self, by_name: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
        known = {one for named in by_name.values() for one in named}
        found: dict[str, None] = {}
        for given in self.workflow:
            named = by_name.get(given) or ([given] if given in known else [])
            if not named:
                there = _some(by_name) or "none: the tenant has no workflow"
                place = max(0, str(self).find(f"workflow:{_quoted(given)}"))
                raise SearchTextError(place, f"the workflow {given!r}", f"one of {there}")
            found |= dict.fromkeys(named)
        return tuple(found)


def parse(text: str) -> Search:
    """Return what a text asks for.

    Raises:
        SearchTextError: a term has an unknown name, no value or a bad one, or is given twice; a
            quotation mark is missing; the text is too long.
    """
    if len(text) > LONGEST_CHARACTERS:
        expected = f"at most {LONGEST_CHARACTERS}"
        raise SearchTextError(LONGEST_CHARACTERS, f"{len(text)} characters", expected)
    given: dict[str, list[Any]] = {}
    place, end = 0, len(text.rstrip())
    while place < end:
        match = _TOKEN.match(text, place, end)
        start = place + _spaces(text, place)
        if match is None or not _is_whole(match, text[:end]):
            expected = "a quotation mark at the end of the text, and a space behind it"
            raise SearchTextError(start, text[start : start + _SHOWN_CHARACTERS], expected)
        _take(given, match, start)
        place = match.end()
    return _search(given)


def _some(names: Iterable[str]) -> str:
    """Return the first names of a list, and how many more there are."""
    every = [repr(name) for name in names]
    more = [f"{len(every) - _MOST_NAMES:,} more"] if len(every) > _MOST_NAMES else []
    return ", ".join(every[:_MOST_NAMES] + more)


def _spaces(text: str, place: int) -> int:
    return len(text[place:]) - len(text[place:].lstrip())


def _is_whole(match: re.Match[str], text: str) -> bool:
    """Return whether a term ends where it should: not at a quotation mark without its other."""
    return bool(match[0].strip()) and (match.end() == len(text) or text[match.end()].isspace())


def _take(given: dict[str, list[Any]], match: re.Match[str], start: int) -> None:
    name, value = match["name"], _unquoted(match)
    if name is None:
        given.setdefault("words", []).extend([value] if value else [])
        return
    term = _BY_NAME.get(name.lower())
    if term is None:
        expected = f"one of {', '.join(_BY_NAME)}; to look for the text itself, put it in quotes"
        raise SearchTextError(start, f"the name {name!r}", expected)
    before = given.setdefault(term.name, [])
    if before and not term.repeats:
        raise SearchTextError(start, f"{term.name} once more", "it once")
    before.append(_read(term, value, start))


def _read(term: Term, value: str, start: int) -> object:
    place = start + len(term.name) + 1
    if not value:
        raise SearchTextError(place, f"nothing after {term.name}:", term.expected)
    try:
        return term.read(value)
    except NotExpectedError:
        raise SearchTextError(place, f"{term.name}:{value}", term.expected) from None


def _search(given: Mapping[str, list[Any]]) -> Search:
    values: dict[str, Any] = {
        name: tuple(dict.fromkeys(found)) if name == "words" or _BY_NAME[name].repeats else found[0]
        for name, found in given.items()
    }
    return Search(**values)


def _unquoted(match: re.Match[str]) -> str:
    if match["quoted"] is None:
        return match["bare"] or ""
    return re.sub(r"\\(.)", r"\1", match["quoted"], flags=re.DOTALL)


def _quoted(value: object) -> str:
    text = str(value)
    if text and not re.search(r'[\s"\\]', text) and not _NAMED.match(text):
        return text
    return '"' + re.sub(r'(["\\])', r"\\\1", text) + '"'

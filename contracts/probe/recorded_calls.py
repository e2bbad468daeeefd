"""The calls of triggers in a recording, and by what each differs from an ordinary one. Pure."""

from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from contracts.addresses import is_trigger_path
from contracts.exact_values import exact_value
from contracts.verification.checks.wire_form import is_json_type
from contracts.verification.har_parts import HarEntry
from contracts.verification.har_secrets import tokens_of
from contracts.verification.har_traffic import is_preflight, media_type_of
from contracts.verification.traffic import LARGEST_BYTES, SUCCESS

# These are about the credential, the load or the moment, and say nothing about what was sent.
_ABOUT_OTHERS: Final = frozenset({401, 408, 429, *range(500, 600)})
OF_A_CREDENTIAL: Final = frozenset({"ATP_2", "DCD_7"})
"""The codes of an answer that is about the credential (Q-AUTH-3, Q-AUTH-4)."""


class Seen(NamedTuple):
    """A call that was answered, and by what it differs from an ordinary one."""

    entry: HarEntry
    status: int
    oddities: tuple[str, ...]

    @property
    def accepted(self) -> bool:
        """Whether it was taken."""
        return self.status in SUCCESS

    @property
    def is_about_others(self) -> bool:
        """Whether its answer says nothing about what was sent."""
        return self.status in _ABOUT_OTHERS or self.entry.error_code in OF_A_CREDENTIAL

    @property
    def is_taken(self) -> bool:
        """Whether it was taken, and is an ordinary one."""
        return self.accepted and not self.oddities

    @property
    def at(self) -> float:
        """When it was made, in seconds since 1970."""
        return self.entry.at

    @property
    def tokens(self) -> frozenset[str]:
        """The API tokens that it carried."""
        return frozenset(tokens_of(self.entry))

    @property
    def url(self) -> str:
        """What tells its trigger from others."""
        return f"{self.entry.parts.netloc}?{self.entry.parts.query}"


def answered(entries: Iterable[HarEntry]) -> list[Seen]:
    """Return the calls of triggers that were answered."""
    return [
        Seen(entry, entry.status, tuple(_oddities(entry)))
        for entry in entries
        if is_trigger(entry) and not is_preflight(entry) and entry.status is not None
    ]


def is_trigger(entry: HarEntry) -> bool:
    """Return whether a call went to the path of JSON Events."""
    return is_trigger_path(entry.parts.path)


def _oddities(entry: HarEntry) -> Iterator[str]:
    """Yield the ids of the questions that a call asks; none for an ordinary one."""
    if entry.method != "POST":
        yield "Q-URL-1.method"
        return
    if len(set(tokens_of(entry))) > 1:
        yield "Q-AUTH-1.both"
    if (entry.body_bytes or 0) > LARGEST_BYTES:
        yield "Q-LIM-3.status"
    given = media_type_of(entry).strip()
    if not is_json_type(given):
        yield "Q-BODY-1.type" if given else "Q-BODY-1.missing"
    if (entry.header("content-encoding") or "identity").strip().lower() != "identity":
        yield "Q-LIM-3.encoding"
    elif entry.body is not None:
        yield from _oddities_of_body(entry.body)


def _oddities_of_body(body: bytes) -> Iterator[str]:
    try:
        if not isinstance(exact_value(body), dict):
            yield "Q-BODY-1.object"
    except ValueError:
        yield "Q-BODY-1.status"

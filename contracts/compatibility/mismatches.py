"""Why a condition fails on a value that is there: its kind, or another value (Q-WF-3). Pure."""

from collections.abc import Sequence
from typing import Any, Final

from contracts.compatibility.condition_words import phrase_of
from contracts.compatibility.conditions import Predicate
from contracts.compatibility.json_values import shown
from contracts.compatibility.reasons import Place, ends_of
from contracts.compatibility.shape import (
    BOOLEAN,
    NUMBER,
    TEXT,
    Array,
    Scalar,
    Shape,
    Why,
    kind_of,
)

_KINDS: Final = {TEXT: "a text", NUMBER: "a number", BOOLEAN: "true or false"}
_ORDERED: Final = ("less_than", "at_most", "greater_than", "at_least")
_ANY_KIND: Final = "a plain value"


def why_it_fails(predicate: Predicate, message: Shape) -> Why:
    """Return why a message does not always meet a predicate at whose path it may have a value."""
    path, operator, operand = predicate
    if predicate.wants_absence:
        return Why("always-there", f"{path} is in every message")
    places = ends_of(path, message)
    if _are_statuses(places):
        return Why("status-value", f"{places[0]} is realized or exited (A-MSG-2)")
    where = str(places[0]) if len(places) == 1 else path
    words = {_word_of(place.shape) for place in places}
    word = words.pop() if len(words) == 1 else _ANY_KIND
    if reason := _of_kinds(operator, operand, word):
        return Why("wrong-type", f"{where} is {word}, {reason}")
    return Why("other-value", f"{where} is {word}, but none that {phrase_of(predicate)}")


def _are_statuses(places: Sequence[Place]) -> bool:
    known = all(getattr(place.shape, "values", None) for place in places)
    return bool(places) and known and str(places[0]).endswith(".status")


def _of_kinds(operator: str, operand: Any, word: str) -> str:  # noqa: ANN401  any JSON value
    """Return why a value of that kind is never compared so; empty where it may be."""
    other = _operand_word(operand)
    if operator == "contains":
        return _of_containing(word, operand, other)
    if word not in {_ANY_KIND, other}:
        return f"and {shown(operand)} is {other}"
    if operator in _ORDERED and other not in {"a text", "a number"}:
        return "which is in no order"
    return ""


def _of_containing(word: str, operand: Any, other: str) -> str:  # noqa: ANN401  any JSON value
    if word in {"a number", "true or false"}:
        return "which contains nothing"
    if word in {"a text", "an object"} and not isinstance(operand, str):
        return f"and {shown(operand)} is {other}"
    return ""


def _word_of(shape: Shape) -> str:
    if isinstance(shape, Scalar):
        return _KINDS[next(iter(shape.kinds))] if len(shape.kinds) == 1 else _ANY_KIND
    return "a list" if isinstance(shape, Array) else "an object"


def _operand_word(operand: Any) -> str:  # noqa: ANN401  any JSON value
    if isinstance(operand, list):
        return "a list"
    kind = kind_of(operand)
    return "an object" if kind is None else _KINDS[kind]

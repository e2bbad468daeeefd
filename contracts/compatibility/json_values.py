"""JSON values of files: how they are compared, and how they are told. Pure."""

import json
from typing import Any, Final

from contracts.documents import MOST_BITS
from contracts.redaction import redact

_LONGEST_SHOWN: Final = 200  # characters


def canonical_text(value: Any) -> str:  # noqa: ANN401  any JSON value
    """Return the one text of all values that are equal: 1 and 1.0 are, 1 and true are not."""
    return json.dumps(with_whole_numbers(value), sort_keys=True)


def with_whole_numbers(value: Any) -> Any:  # noqa: ANN401  any JSON value
    """Return a JSON value in which 1.0 is written as 1, and that can be printed."""
    match value:
        case float() if value.is_integer():
            return int(value)
        case int() if value.bit_length() > MOST_BITS:
            return {"\0 whole number": hex(value)}
        case list() | tuple():
            return [with_whole_numbers(item) for item in value]
        case dict():
            return {name: with_whole_numbers(inner) for name, inner in value.items()}
    return value


def shown(value: Any) -> str:  # noqa: ANN401  any JSON value
    """Return a value as a part of a sentence, without addresses and tokens, and not too long."""
    try:
        text = redact(json.dumps(value, ensure_ascii=False))
    except ValueError:  # Python prints no whole number that is so large
        return "a value with a whole number that is too large to print"
    return text if len(text) <= _LONGEST_SHOWN else f"{text[: _LONGEST_SHOWN - 1]}…"

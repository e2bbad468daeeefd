"""Reads profiles from JSON lines, strictly: refuses what parsers could read differently."""

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any, NoReturn

from sender.errors import BrokenRowError
from sender.mapping.scalars import WrittenFloat
from sender.profiles.columns import Columns
from sender.profiles.lines import Line, is_too_long
from sender.profiles.rows import BrokenRow, NothingYet, ProfileRow, Row

_KINDS = {list: "a list", str: "a text", bool: "a boolean", type(None): "null"}
_SURROGATE_ESCAPE = re.compile(rb"\\u[dD][89a-fA-F]")


def read_jsonl(lines: Iterable[Line], source: str) -> Iterator[Row | NothingYet]:
    """Yield one row per line; blank lines are skipped but counted."""
    number = 0
    is_first = True
    for line in lines:
        if isinstance(line, NothingYet):
            yield line
            continue
        number += 1
        if not line.strip():
            continue
        try:
            yield ProfileRow(_profile(line), source, number)
        except BrokenRowError as error:
            hint = _hint(line) if is_first else ""
            yield BrokenRow(source, number, f"{error}{hint}")
        is_first = False


def _hint(line: bytes) -> str:
    """Return a hint if the first line looks like the header of a CSV."""
    names = [name.strip() for name in line.decode("utf-8", "replace").split(",")]
    is_header = len(names) > 1 and not Columns(names).problems() and b"{" not in line
    return "; it looks like CSV, which is read with --format csv" if is_header else ""


def _profile(line: bytes) -> dict[str, Any]:
    if is_too_long(line):
        raise BrokenRowError("longer than a line may be")
    value = _value(line)
    if not isinstance(value, dict):
        raise BrokenRowError(f"a JSON object expected, found {_KINDS.get(type(value), 'a number')}")
    return value


def _value(line: bytes) -> object:
    try:
        value = _DECODER.decode(line.decode())
        if _SURROGATE_ESCAPE.search(line):
            json.dumps(value, ensure_ascii=False).encode()
    except UnicodeDecodeError as error:
        raise BrokenRowError(f"byte {error.start + 1} is not UTF-8") from None
    except UnicodeEncodeError:
        raise BrokenRowError("half of a surrogate pair, which no text can hold") from None
    except json.JSONDecodeError as error:
        raise BrokenRowError(f"no JSON: {error.msg} at character {error.pos + 1}") from None
    except RecursionError:
        raise BrokenRowError("nested too deeply") from None
    except ValueError:
        raise BrokenRowError("a number with too many digits") from None
    return value


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    mapping = dict(pairs)
    if len(mapping) != len(pairs):
        raise BrokenRowError("an object has the same key twice")
    return mapping


def _refuse_constant(name: str) -> NoReturn:
    raise BrokenRowError(f"{name} is not JSON")


_DECODER = json.JSONDecoder(
    object_pairs_hook=_object, parse_constant=_refuse_constant, parse_float=WrittenFloat.read
)

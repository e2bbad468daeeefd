"""Reads profiles from JSON, strictly: refuses what parsers could read differently.

One profile a line, or else an array, or objects that begin with a line of their own.
"""

import itertools
import json
import re
from collections.abc import Iterable, Iterator
from typing import Any, NoReturn

from sender.errors import BrokenRowError
from sender.mapping.scalars import WrittenFloat
from sender.profiles.columns import Columns
from sender.profiles.content.json_values import read_values
from sender.profiles.content.kinds import foreign_kind, refuse_foreign
from sender.profiles.lines import Line, begins_array, is_blank, is_cut, is_too_long
from sender.profiles.rows import BrokenRow, NothingYet, ProfileRow, Row, UnreadRows

_KINDS = {list: "a list", str: "a text", bool: "a boolean", type(None): "null"}
_SURROGATE_ESCAPE = re.compile(rb"\\u[dD][89a-fA-F]")


def check_beginning(lines: Iterable[Line]) -> None:
    """Look at the first line that is not blank.

    Raises:
        BrokenRowError: the source is no text in UTF-8.
    """
    for line in lines:
        if not isinstance(line, NothingYet) and not is_blank(line):
            refuse_foreign(line)
            return


def read_jsonl(lines: Iterable[Line], source: str) -> Iterator[Row | NothingYet]:
    """Yield one row for each profile: for each line, or each value of a text that has no such."""
    blank_lines = 0
    remaining = iter(lines)
    for line in remaining:
        if isinstance(line, NothingYet):
            yield line
        elif is_blank(line):
            blank_lines += 1
        else:
            yield from _read_from(line, remaining, blank_lines, source)
            return


def _read_from(
    first: bytes, remaining: Iterator[Line], blank_lines: int, source: str
) -> Iterator[Row | NothingYet]:
    if (kind := foreign_kind(first)) is not None:
        yield UnreadRows(source, blank_lines + 1, kind)
        return
    begun, is_spread = [first], begins_array(first)
    if first.strip() == b"{":
        # The same line begins an object that takes several, and is a broken row of JSON lines.
        for line in remaining:
            if isinstance(line, NothingYet):
                yield line
                continue
            begun.append(line)
            is_spread = line.lstrip()[:1] in {b'"', b"}"}
            break
    text = itertools.chain(begun, remaining)
    if is_spread:
        yield from read_values(itertools.chain([b"\n" * blank_lines], text), source, _profile)
    else:
        yield from _read_lines(text, blank_lines, source)


def _read_lines(lines: Iterable[Line], blank_lines: int, source: str) -> Iterator[Row | NothingYet]:
    number = blank_lines
    is_first = True
    for line in lines:
        if isinstance(line, NothingYet):
            yield line
            continue
        number += 1
        if not line.strip():
            continue
        try:
            yield ProfileRow(_profile(line), source, number, text=line.strip())
        except BrokenRowError as error:
            hint = _hint(line) if is_first else ""
            yield BrokenRow(source, number, f"{error}{hint}", is_cut(line))
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
        raise BrokenRowError(f"not JSON: {error.msg} at character {error.pos + 1}") from None
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

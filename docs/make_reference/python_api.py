"""What a test can do with the fixture, from the code's own signatures and docstrings."""

import inspect
import re
from collections.abc import Iterator
from typing import Final

from mock_qualtrics.testing.qualtrics import Clock, Faults, Qualtrics

_PARTS: Final = (("qualtrics", Qualtrics), ("qualtrics.clock", Clock), ("qualtrics.faults", Faults))
_NO_HELP: Final = frozenset({"close", "sections"})  # the plugin's own
_SECTION: Final = re.compile(r"^(Args|Attributes|Raises|Returns|Example):$")
_MODULE: Final = re.compile(r"\b(collections\.abc|typing)\.")
_ITEM: Final = re.compile(r"^ {4}(\*{0,2}\w+): ")


def members() -> Iterator[str]:
    """Yield the section of each attribute group, property and method."""
    yield from _attributes()
    for name, class_ in _PARTS:
        for member, value in vars(class_).items():
            if not member.startswith("_") and member not in _NO_HELP:
                yield f"## `{name}.{member}{_parameters(value)}`"
                yield described(inspect.getdoc(value) or "")


def described(docstring: str) -> str:
    """Return a docstring as Markdown: its sections become lists."""
    return "\n".join(_markdown(docstring.splitlines())).replace("``", "`")


def _attributes() -> Iterator[str]:
    document = inspect.getdoc(Qualtrics) or ""
    _, _, attributes = document.partition("Attributes:\n")
    yield "## Attributes"
    yield described("Attributes:\n" + attributes).partition("\n\n")[2]


def _parameters(value: object) -> str:
    if isinstance(value, property):
        return ""
    if not callable(value):
        raise TypeError(f"{value!r} is no method")
    signature = inspect.signature(value)
    _, *parameters = signature.parameters.values()
    shown = str(signature.replace(parameters=parameters, return_annotation=signature.empty))
    return _MODULE.sub("", shown)


def _markdown(lines: list[str]) -> Iterator[str]:
    is_listed = False
    for line in lines:
        if heading := _SECTION.match(line):
            is_listed = True
            yield f"{heading[1]}:\n"
        elif is_listed and (item := _ITEM.match(line)):
            yield f"- `{item[1]}`: {line[item.end() :]}"
        else:
            yield line.removeprefix("      ") if is_listed else line

"""The command line of a plan, as it can be typed again."""

import shlex
from collections.abc import Iterator
from typing import Final

import click

_FILES_WRITTEN: Final = ("chart", "html", "as_json")


def typed_again(context: click.Context) -> str:
    """Return the command that makes the page of this plan again.

    Only what differs from the defaults is in it, in one order and one form of numbers, whatever was
    typed: the same plan has the same command. What the environment gives is left out, and of a URL
    only that there was one, because it has a token.
    """
    words = ["qualtrics-load", str(context.info_name), *_words(context), "--html", "plan.html"]
    return shlex.join(words)


def _words(context: click.Context) -> Iterator[str]:
    for parameter in context.command.params:
        value = context.params.get(str(parameter.name))
        if not _is_typed(context, parameter, value):
            continue
        if isinstance(parameter, click.Argument):
            yield from map(_text, value or ())
        elif value is True:
            yield parameter.opts[0]
        else:
            yield from (parameter.opts[0], "URL" if parameter.name == "url" else _text(value))


def _is_typed(context: click.Context, parameter: click.Parameter, value: object) -> bool:
    if value is None or value is False or value == () or parameter.name in _FILES_WRITTEN:
        return False
    source = context.get_parameter_source(str(parameter.name))
    return source is click.core.ParameterSource.COMMANDLINE and value != parameter.default


def _text(value: object) -> str:
    """Return a value as it is typed.

    Example:
        >>> _text(1_000_000), _text(1_000.0), _text((15.0, 30.5)), _text(0.1)
        ('1_000_000', '1000', '15,30.5', '0.1')
    """
    if isinstance(value, tuple):
        return ",".join(map(_text, value))
    if isinstance(value, int):
        return f"{value:_}"
    if isinstance(value, float):
        return repr(value).removesuffix(".0")
    return str(value)

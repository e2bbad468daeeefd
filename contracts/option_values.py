"""Collects a command's options in one value, so that few arguments go from hand to hand."""

import functools
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

_Command = TypeVar("_Command", bound=Callable[..., Any])


def collected(
    kind: type, argument: str, options: Sequence[Callable[[Any], Any]]
) -> Callable[[_Command], _Command]:
    """Return a decorator that adds options; the command receives them as one argument.

    Args:
        kind: a dataclass with a field for each option, by the name that click gives it.
        argument: the command's argument that receives a value of it.
        options: what ``click.option`` and ``click.argument`` returned, in the help's order.
    """
    names: Sequence[str] = list(kind.__dataclass_fields__)  # type: ignore[attr-defined]

    def add(command: _Command) -> _Command:
        @functools.wraps(command)
        def with_one_value(**values: Any) -> Any:  # noqa: ANN401  the values of any options
            value = kind(**{name: values.pop(name) for name in names})
            return command(**{argument: value}, **values)

        decorated: Any = with_one_value
        for option in reversed(options):
            decorated = option(decorated)
        return decorated  # type: ignore[no-any-return]

    return add

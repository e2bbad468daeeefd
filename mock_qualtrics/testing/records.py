"""JSON objects as a test likes to read them: ``run.started_on`` beside ``run["startedOn"]``.

Also the way back: what a test hands in, snake_case, as the control API takes it.
"""

from collections.abc import Mapping
from typing import Any

from mock_qualtrics.tenants.key_case import camel_case


class Record(dict[str, Any]):
    """A JSON object of the control API; its keys are attributes too, in snake_case."""

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401  any JSON value
        """Return the value of the key of that name.

        Raises:
            AttributeError: it has no such key; it names those it has.
        """
        try:
            return self[camel_case(name)]
        except KeyError:
            known = ", ".join(sorted(self))
            raise AttributeError(f"no {camel_case(name)!r} here, only {known}") from None


def camel_keys(settings: Mapping[str, Any]) -> dict[str, Any]:
    """Return the mapping with its own keys, and those of the objects right in it, in camelCase.

    Deeper keys stay as they are: they may be the user's own, as in a task's settings.
    """
    return {camel_case(name): _shallow(value) for name, value in settings.items()}


def _shallow(value: Any) -> Any:  # noqa: ANN401  any JSON value
    if isinstance(value, Mapping):
        return {camel_case(name): inner for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_shallow(item) for item in value]
    return value

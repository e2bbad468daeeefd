"""JSON objects with attributes: ``run.started_on`` is ``run["startedOn"]``.

Also the reverse: settings in snake_case, as tests write them, become the control API's camelCase.
"""

from collections.abc import Mapping
from typing import Any

from mock_qualtrics.tenants.key_case import camel_case, snake_case
from mock_qualtrics.testing.python_names import closest


class Record(dict[str, Any]):
    """A JSON object of the control API; each key is also an attribute, in snake_case."""

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401  any JSON value
        """Return the value of the key of that name.

        Raises:
            AttributeError: there is no such key; the message lists those that exist.
        """
        try:
            return self[camel_case(name)]
        except KeyError:
            known = [snake_case(key) for key in sorted(self)]
            near = closest(name, known)
            raise AttributeError(f"no {name!r} here{near}, only {', '.join(known)}") from None


def camel_keys(settings: Mapping[str, Any]) -> dict[str, Any]:
    """Return the mapping with its keys, and those of its direct values, in camelCase.

    Deeper keys are left alone: they may be the user's own, as in a task's settings.
    """
    return {camel_case(name): _shallow(value) for name, value in settings.items()}


def _shallow(value: Any) -> Any:  # noqa: ANN401  any JSON value
    if isinstance(value, Mapping):
        return {camel_case(name): inner for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_shallow(item) for item in value]
    return value

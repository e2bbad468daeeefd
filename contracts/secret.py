"""A credential that cannot be printed by accident."""

from typing import final


@final
class Secret:
    """A string that shows as ``***`` wherever it is printed, logged or put in a repr.

    Call :meth:`reveal` at the one place that puts it on the wire. Two secrets are equal when
    what they hide is equal; a secret can be a key, and is false when it hides the empty string.
    """

    __slots__ = ("_hidden",)

    def __init__(self, hidden: str) -> None:
        self._hidden = hidden

    def reveal(self) -> str:
        """Return the hidden string."""
        return self._hidden

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and other._hidden == self._hidden

    def __hash__(self) -> int:
        return hash(("Secret", self._hidden))

    def __bool__(self) -> bool:
        return bool(self._hidden)

    def __repr__(self) -> str:
        return "***"

"""A credential that cannot be printed by accident."""

from typing import final


@final
class Secret:
    """A string that appears as ``***`` wherever it is printed, logged or part of a repr.

    Call :meth:`reveal` only where the credential is sent. Secrets compare and hash like the strings
    they hide, and an empty one is false.
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

"""A number with its noun, as the sentences of all commands have it."""


def counted(count: int, noun: str) -> str:
    """Return a number with its noun.

    Example:
        >>> counted(1, "call"), counted(2_000, "call")
        ('1 call', '2,000 calls')
    """
    return f"{count:,} {noun}{'' if count == 1 else 's'}"

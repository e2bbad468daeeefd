"""Masks identities for people who look on: enough to recognize one, not enough to read it.

Reports, pages and commands show masked identities unless they are asked for the identities
themselves. :mod:`contracts.redaction` hides what must never be shown at all.
"""

MASK = "***"


def mask_identity(identity: str) -> str:
    """Return the identity with most of it masked.

    Of an address the first letters of its name and of its domain stay, and the last part of the
    domain; of anything else the first two characters.

    Example:
        >>> mask_identity("dave@example.com"), mask_identity("4711-0815")
        ('d***@e***.com', '47***')
    """
    name, at, domain = identity.rpartition("@")
    host, dot, last = domain.rpartition(".")
    if not (name and at and host and dot and last):
        return identity[:2] + MASK
    return f"{name[0]}{MASK}@{host[0]}{MASK}.{last}"

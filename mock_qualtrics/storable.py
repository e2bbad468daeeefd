"""Text that every database can store."""


def storable(text: str) -> str:
    """Replace NUL and lone surrogates: PostgreSQL takes no NUL, and UTF-8 has no surrogates."""
    return text.encode(errors="replace").decode().replace("\0", "\ufffd")

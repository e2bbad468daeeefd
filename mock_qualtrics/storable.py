"""Text that every database can store."""


def storable(text: str) -> str:
    """Replace NUL and lone surrogates: PostgreSQL takes no NUL, and UTF-8 has no surrogates."""
    if text.isascii() and "\0" not in text:  # as nearly every text is
        return text
    return text.encode(errors="replace").decode().replace("\0", "\ufffd")

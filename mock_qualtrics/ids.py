"""Identifiers and chance, all derived from a seed: the same calls give the same ids.

Each is one keyed digest of (tenant number, kind, counter), so an id does not depend on what other
tenants did before. Shapes are those of Q-ID-1. Nothing here is meant to be secret: a mock's token
only has to look like one.
"""

from hashlib import blake2b

_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_ID_LENGTH = 15
_TOKEN_LENGTH = 40
_RUN_PREFIX = "RUN_"
_RUN_LENGTH = 24


def seed_key(seed: int) -> bytes:
    """Return the digest key of a seed; keep it instead of the number where speed matters."""
    return blake2b(str(seed).encode(), digest_size=16).digest()


def digest(key: bytes, tenant_number: int, kind: str, counter: int) -> bytes:
    """Return 16 bytes that belong to that seed key, tenant, kind and counter alone."""
    return blake2b(
        b"%d %s %d" % (tenant_number, kind.encode(), counter), digest_size=16, key=key
    ).digest()


def uuid_text(sixteen_bytes: bytes) -> str:
    """Return the bytes in the form of a version 4 UUID."""
    text = sixteen_bytes.hex()
    variant = "89ab"[sixteen_bytes[8] & 3]
    return f"{text[:8]}-{text[8:12]}-4{text[13:16]}-{variant}{text[17:20]}-{text[20:]}"


def letters(key: bytes, tenant_number: int, kind: str, counter: int, length: int) -> str:
    """Return that many letters and digits."""
    wide = blake2b(
        b"%d %s %d" % (tenant_number, kind.encode(), counter), digest_size=length, key=key
    ).digest()
    return "".join(_ALPHABET[byte % len(_ALPHABET)] for byte in wide)


def qualtrics_id(key: bytes, prefix: str, tenant_number: int, counter: int = 0) -> str:
    """Return an id such as ``WF_`` and 15 letters and digits (Q-ID-1)."""
    return f"{prefix}_{letters(key, tenant_number, prefix, counter, _ID_LENGTH)}"


def api_token(key: bytes, tenant_number: int) -> str:
    """Return 40 letters and digits (Q-ID-1)."""
    return letters(key, tenant_number, "token", 0, _TOKEN_LENGTH)


def fraction(key: bytes, kind: str, counter: int) -> float:
    """Return a number from 0 up to but without 1, as good as random and always the same.

    It belongs to the seed, not to the tenant: two tenants of one seed have the same luck.
    """
    wide = int.from_bytes(digest(key, 0, kind, counter)[:7])
    return (wide >> 3) / (1 << 53)  # as many bits as a float holds: more would round up to 1


def run_id(key: bytes, sequence: int) -> str:
    """Return a run's id: the row's number in the journal, and two bytes that come from the seed."""
    return f"{_RUN_PREFIX}{_check(key, sequence)}{sequence:016x}"


def run_sequence(identifier: str) -> int | None:
    """Return the row's number that a run's id holds; None when the text is no run id."""
    digits = identifier.removeprefix(_RUN_PREFIX)
    if len(identifier) != _RUN_LENGTH or len(digits) == len(identifier):
        return None
    try:
        sequence = int(digits[4:], 16)
    except ValueError:
        return None
    return sequence if f"{sequence:016x}" == digits[4:] and sequence < 1 << 63 else None


def _check(key: bytes, sequence: int) -> str:
    return blake2b(b"run %d" % sequence, digest_size=2, key=key).hexdigest()

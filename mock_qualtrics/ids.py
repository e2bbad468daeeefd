"""Ids and random numbers derived from a seed: the same calls give the same ids.

Each is a keyed digest of (tenant number, kind, counter), so it does not depend on the calls of
other tenants. Ids have the formats of Q-ID-1. Nothing here is secret: a mock's token only has to
look like one.
"""

import re
from hashlib import blake2b

_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_ID_LENGTH = 15
_TOKEN_LENGTH = 40
_REQUEST_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
_VARIANT = 0b10 << 62  # of a UUID (RFC 9562)
_NUMBER_BITS = (1 << 62) - 1
_SCRAMBLE = 0x1E37_79B9_7F4A_7C15  # odd, so that it has an inverse
_UNSCRAMBLE = pow(_SCRAMBLE, -1, 1 << 62)
_RUN_PREFIX = "RUN_"
_RUN_LENGTH = 24


def seed_key(seed: int) -> bytes:
    """Return the digest key of a seed; compute it once where speed matters."""
    return blake2b(str(seed).encode(), digest_size=16).digest()


def digest(key: bytes, tenant_number: int, kind: str, counter: int) -> bytes:
    """Return 16 bytes determined by the seed's key, the tenant, the kind and the counter."""
    return blake2b(
        b"%d %s %d" % (tenant_number, kind.encode(), counter), digest_size=16, key=key
    ).digest()


def uuid_text(sixteen_bytes: bytes) -> str:
    """Format the bytes as a version 4 UUID (RFC 9562)."""
    text = sixteen_bytes.hex()
    variant = "89ab"[sixteen_bytes[8] & 3]
    return f"{text[:8]}-{text[8:12]}-4{text[13:16]}-{variant}{text[17:20]}-{text[20:]}"


def letters(key: bytes, tenant_number: int, kind: str, counter: int, length: int) -> str:
    """Return ``length`` letters and digits."""
    wide = blake2b(
        b"%d %s %d" % (tenant_number, kind.encode(), counter), digest_size=length, key=key
    ).digest()
    return "".join(_ALPHABET[byte % len(_ALPHABET)] for byte in wide)


def qualtrics_id(key: bytes, prefix: str, tenant_number: int, counter: int = 0) -> str:
    """Return an id such as ``WF_`` and 15 letters and digits (Q-ID-1)."""
    return f"{prefix}_{letters(key, tenant_number, prefix, counter, _ID_LENGTH)}"


def api_token(key: bytes, tenant_number: int, earlier_tokens: int = 0) -> str:
    """Return 40 letters and digits (Q-ID-1); others after each token that was replaced."""
    return letters(key, tenant_number, "token", earlier_tokens, _TOKEN_LENGTH)


def fraction(key: bytes, kind: str, counter: int) -> float:
    """Return a pseudo-random number from 0 up to but excluding 1.

    It depends on the seed, not on the tenant: tenants with the same seed get the same numbers.
    """
    wide = int.from_bytes(digest(key, 0, kind, counter)[:7])
    return (wide >> 3) / (1 << 53)  # 53 bits, as in a float: more bits could round up to 1


def request_id(key: bytes, sequence: int) -> str:
    """Return a call's id, a version 4 UUID: a digest, and the call's number in the journal.

    The number is scrambled, so that ids look like those of any API; `request_sequence` reads it.
    """
    tenant, call = sequence >> 40, (sequence & 0xFF_FFFF_FFFF) >> 3
    # As `digest` does, with one call less: each call of a client gets an id.
    text = blake2b(b"%d request %d" % (tenant, call), digest_size=16, key=key).hexdigest()
    last = f"{_VARIANT | (sequence >> 3) * _SCRAMBLE & _NUMBER_BITS:016x}"
    return f"{text[:8]}-{text[8:12]}-4{text[13:16]}-{last[:4]}-{last[4:]}"


def request_sequence(identifier: str) -> int | None:
    """Return the number that a call's id names, of a call that may not exist; None for no id."""
    if not _REQUEST_ID.fullmatch(identifier):
        return None
    scrambled = int(identifier[19:].replace("-", ""), 16) & _NUMBER_BITS
    number = scrambled * _UNSCRAMBLE & _NUMBER_BITS
    return number << 3 if number < 1 << 60 else None


def run_id(key: bytes, sequence: int) -> str:
    """Return a run's id: its number in the journal, and two check bytes from the seed."""
    return f"{_RUN_PREFIX}{_check(key, sequence)}{sequence:016x}"


def run_sequence(identifier: str) -> int | None:
    """Return the number in a run's id; None when the text is no run id."""
    digits = identifier.removeprefix(_RUN_PREFIX)
    if len(identifier) != _RUN_LENGTH or len(digits) == len(identifier):
        return None
    try:
        sequence = int(digits[4:], 16)
    except ValueError:
        return None
    # int() also accepts signs, spaces and underscores; a database takes no more than 63 bits.
    return sequence if f"{sequence:016x}" == digits[4:] and sequence < 1 << 63 else None


def _check(key: bytes, sequence: int) -> str:
    return blake2b(b"run %d" % sequence, digest_size=2, key=key).hexdigest()

"""Keys for counting duplicates: by trace id if there is one, else by body. Pure.

Faults count equal bodies too, under separate keys.
"""

import struct
from hashlib import blake2b

_DIGEST_BYTES = 16
_BITS = 1 << 24
_MASK = _BITS - 1
_four_numbers = struct.Struct("<4I").unpack_from  # of the first 16 bytes
_BY_TRACE, _BY_BODY, _BY_FAULT = b"t", b"b", b"f"


def digest(data: bytes) -> bytes:
    """Return the digest of a body or a trace id."""
    return blake2b(data, digest_size=_DIGEST_BYTES).digest()


def message_key(trace_id: str | None, body: bytes) -> bytes:
    """Return the key by which duplicates of a message are counted."""
    if trace_id is None:
        return _BY_BODY + digest(body)
    return _BY_TRACE + digest(trace_id.encode(errors="surrogatepass"))


def fault_key(body_digest: bytes) -> bytes:
    """Return the key by which faults count calls with equal bodies."""
    return _BY_FAULT + body_digest


class BloomFilter:
    """A set of digests with false positives but no false negatives, of fixed size.

    It avoids most lookups of new digests in the store. With a million digests, about two in a
    thousand new ones are looked up needlessly; the share grows with the number of digests.
    """

    __slots__ = ("_bits",)

    def __init__(self) -> None:
        self._bits = bytearray(_BITS >> 3)

    def holds(self, digest: bytes) -> bool:
        """Return whether the digest may have been added."""
        bits = self._bits
        return all(
            bits[number >> 3 & _MASK >> 3] & 1 << (number & 7) for number in _four_numbers(digest)
        )

    def fill(self) -> None:
        """Make the filter hold every digest, so that each one is looked up in the store."""
        self._bits = bytearray(b"\xff") * (_BITS >> 3)

    def add(self, digest: bytes) -> bool:
        """Add a digest; return whether it may have been added before."""
        bits, held = self._bits, True
        for number in _four_numbers(digest):
            place = number & _MASK
            bit = 1 << (place & 7)
            if not bits[place >> 3] & bit:
                held = False
                bits[place >> 3] |= bit
        return held

"""What makes two messages the same one: the trace id when there is one, else equal bodies. Pure.

Faults count equal bodies too, beside this, in a namespace of their own.
"""

import struct
from hashlib import blake2b

_DIGEST_BYTES = 16
_BITS = 1 << 24
_MASK = _BITS - 1
_four_numbers = struct.Struct("<4I").unpack_from  # of 16 bytes, or of the first of more
_BY_TRACE, _BY_BODY, _BY_FAULT = b"t", b"b", b"f"


def digest(data: bytes) -> bytes:
    """Return what stands for a body or a trace id."""
    return blake2b(data, digest_size=_DIGEST_BYTES).digest()


def message_key(trace_id: str | None, body: bytes) -> bytes:
    """Return what duplicates are counted by."""
    if trace_id is None:
        return _BY_BODY + digest(body)
    return _BY_TRACE + digest(trace_id.encode(errors="surrogatepass"))


def fault_key(body_digest: bytes) -> bytes:
    """Return what faults count equal bodies by."""
    return _BY_FAULT + body_digest


class BloomFilter:
    """A set of 16-byte digests that may claim to hold more than was put into it.

    It tells most digests that were never seen from those that may have been, without asking the
    store, and never says "new" of a digest that was added. Its size is fixed: at a million digests
    about two in a thousand new ones are looked up for nothing, and more as there are more.
    """

    __slots__ = ("_bits",)

    def __init__(self) -> None:
        self._bits = bytearray(_BITS >> 3)

    def holds(self, digest: bytes) -> bool:
        """Tell whether the digest may have been put in."""
        bits = self._bits
        return all(
            bits[number >> 3 & _MASK >> 3] & 1 << (number & 7) for number in _four_numbers(digest)
        )

    def fill(self) -> None:
        """Claim to hold every digest: right, and no faster than asking the store each time."""
        self._bits = bytearray(b"\xff") * (_BITS >> 3)

    def add(self, digest: bytes) -> bool:
        """Put a digest in; return whether it may have been in before."""
        bits, held = self._bits, True
        for number in _four_numbers(digest):
            place = number & _MASK
            bit = 1 << (place & 7)
            if not bits[place >> 3] & bit:
                held = False
                bits[place >> 3] |= bit
        return held

"""Tells most digests that were never seen from those that may have been, without asking the store.

A Bloom filter of fixed size: it never says "new" of a digest that was added. At a million digests
about two in a thousand new ones are looked up in vain, and the more there are the more are; memory
stays.
"""

import struct

_BITS = 1 << 24
_MASK = _BITS - 1
_four_numbers = struct.Struct("<4I").unpack_from  # of 16 bytes, or of the first of more


class BloomFilter:
    """A set of 16-byte digests that may claim to hold more than was put into it."""

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

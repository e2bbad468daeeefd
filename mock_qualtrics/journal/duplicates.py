"""What makes two messages the same one: the trace id when there is one, else equal bodies. Pure.

Faults count equal bodies too, beside this, in a namespace of their own.
"""

from hashlib import blake2b

_DIGEST_BYTES = 16
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

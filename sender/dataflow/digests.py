"""Digests that identify a workflow, an export and an exported profile. Pure."""

import hashlib
import json
from urllib.parse import parse_qsl, urlsplit

from sender.dataflow import Dataflow

_DIGEST_BYTES = 16
_WORKFLOW_PARAMETERS = ("urlTokenId", "contextId", "userId", "brandId", "triggerId")


def destination_of(dataflow: Dataflow) -> str:
    """Return a digest of the workflow that a dataflow triggers; the host makes no difference."""
    return workflow_digest(dataflow.url)


def workflow_digest(url: str) -> str:
    """Return a digest of the workflow that a trigger URL names."""
    parts = urlsplit(url)
    named = [pair for pair in sorted(parse_qsl(parts.query)) if pair[0] in _WORKFLOW_PARAMETERS]
    return hashlib.blake2b(repr(named).encode(), digest_size=_DIGEST_BYTES).hexdigest()


def export_digest(dataflow: Dataflow) -> str:
    """Return a digest of a dataflow's destination and mapping.

    Which changes activate a profile is not part of it: a message's content is the same.
    """
    mapping = {**dataflow.to_mapping(), "url": destination_of(dataflow)}
    mapping.pop("activation", None)
    text = json.dumps(mapping, sort_keys=True)
    return hashlib.blake2b(text.encode(), digest_size=_DIGEST_BYTES).hexdigest()


def profile_digest(destination: str, profile_key: str) -> bytes:
    """Return the key under which the outbox stores a profile's last export to a destination."""
    text = f"{destination}\n{profile_key}".encode(errors="surrogatepass")
    return hashlib.blake2b(text, digest_size=_DIGEST_BYTES).digest()

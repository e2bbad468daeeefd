"""Mapping a profile to a message, and deciding whether it is exported. Pure."""

from sender.mapping.mapper import (
    MappedContent,
    Mapper,
    Profile,
    message_body,
    profile_key,
    trace_id,
)

__all__ = [
    "MappedContent",
    "Mapper",
    "Profile",
    "message_body",
    "profile_key",
    "trace_id",
]

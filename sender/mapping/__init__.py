"""From a profile to a message, and whether it is sent. Pure."""

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

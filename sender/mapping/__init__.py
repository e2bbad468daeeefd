"""Mapping a profile to a message, and deciding whether it is exported. Pure."""

from sender.mapping.mapper import Mapper
from sender.mapping.message import MappedContent, message_body, trace_id
from sender.mapping.profile_identities import Profile, profile_key

__all__ = [
    "MappedContent",
    "Mapper",
    "Profile",
    "message_body",
    "profile_key",
    "trace_id",
]

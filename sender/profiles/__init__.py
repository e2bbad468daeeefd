"""Reads profiles from files and pipes as a stream of rows."""

from sender.profiles.content.delimiters import DELIMITERS
from sender.profiles.coverage import ALLOW_MISSING_COLUMNS, EarlierExports
from sender.profiles.formats import FORMATS
from sender.profiles.source import (
    NOTHING_YET,
    STANDARD_INPUT,
    BrokenRow,
    NothingYet,
    ProfileRow,
    ProfileSource,
    Row,
    UnreadRows,
    read_profiles,
)

__all__ = [
    "ALLOW_MISSING_COLUMNS",
    "DELIMITERS",
    "FORMATS",
    "NOTHING_YET",
    "STANDARD_INPUT",
    "BrokenRow",
    "EarlierExports",
    "NothingYet",
    "ProfileRow",
    "ProfileSource",
    "Row",
    "UnreadRows",
    "read_profiles",
]

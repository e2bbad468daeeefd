"""Made-up profiles."""

from sender.samples.profiles import sample_profiles

__all__ = [
    "sample_profiles",
]

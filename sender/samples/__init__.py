"""Sample profiles: fictional, and reproducible from a seed."""

from sender.samples.profiles import sample_profiles

__all__ = [
    "sample_profiles",
]

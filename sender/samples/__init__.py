"""Sample profiles: fictional, and reproducible from a seed."""

from sender.samples.profiles import SampleProfiles, sample_profiles

__all__ = [
    "SampleProfiles",
    "sample_profiles",
]

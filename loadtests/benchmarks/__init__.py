"""Benchmarks against named peers: each result is a ratio of medians from one interleaved run."""

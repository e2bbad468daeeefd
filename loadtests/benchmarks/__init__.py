"""How fast, against whom: each figure is a ratio of medians from one interleaved run."""

"""Running many seeds, side by side, and saying what failed so that it can be replayed."""

"""Lossless exports of which nothing is refused: what the exact engine says, with less work."""

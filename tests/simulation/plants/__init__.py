"""Bugs planted on purpose, to see that the simulation finds them."""

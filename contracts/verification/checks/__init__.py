"""The checks of recorded traffic: each a pure function from evidence to sentences."""

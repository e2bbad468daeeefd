"""Engines: each simulates a plan, one in the order of its calls, others many calls at once."""

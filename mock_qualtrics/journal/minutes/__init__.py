"""Counters by the minute, kept with the totals: for charts that cost the same at any size."""

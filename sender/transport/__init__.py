"""Posting messages, and the outcome of each attempt."""

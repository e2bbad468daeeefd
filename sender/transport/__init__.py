"""Posting one message, and what its outcome was."""

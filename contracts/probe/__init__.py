"""Checks assumptions about Qualtrics against a real account: `qualtrics-contracts probe`.

Only that command imports it, so that the other commands need not load an HTTP library.
"""

"""Settles, with a real account, what is assumed of Qualtrics: `qualtrics-contracts probe`.

Imported by that command alone, so that nothing else of this package needs HTTP.
"""

"""Settles what the ledger assumes of Qualtrics, against a real account; `qualtrics-contracts probe`.

Imported by that command alone, so that nothing else of this package needs HTTP.
"""

"""Stores a failure so that it replays: the fewest messages, curl lines, and a pytest test.

`contracts.counterexamples.replaying.replay` tries a stored one again, as ``qualtrics-contracts
replay`` does.
"""

"""Judges recorded traffic, of a mock or of a HAR file, after the fact.

:func:`contracts.verification.verifying.judge` gives the verdicts;
:mod:`contracts.verification.mock_traffic` and :mod:`contracts.verification.har_traffic` read what
it judges. Nothing here sends a message.
"""

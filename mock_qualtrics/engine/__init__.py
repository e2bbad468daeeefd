"""Handle one call: attribute, check, stage and answer it, under one lock."""

from mock_qualtrics.engine.call_handler import Receipt
from mock_qualtrics.engine.engine import Engine

__all__ = ["Engine", "Receipt"]

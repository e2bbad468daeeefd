"""One call in, one receipt out: the order in which the parts are asked, under one lock."""

from mock_qualtrics.engine.call_handler import Receipt
from mock_qualtrics.engine.engine import Engine

__all__ = ["Engine", "Receipt"]

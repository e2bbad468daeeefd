"""The event stream, by which pages and others hear of changes without asking."""

from mock_qualtrics.web.changes.positions import position_of
from mock_qualtrics.web.pages.live.event_route import register

__all__ = ["position_of", "register"]

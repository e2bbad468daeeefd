"""What the pytest plugin gives to a test; loaded when the first test uses the fixture.

`Qualtrics` is public, for annotations: ``def test_export(qualtrics: Qualtrics)``.
"""

from mock_qualtrics.testing.qualtrics import Qualtrics, RunsNotSeenError
from mock_qualtrics.testing.verified_traffic import TrafficNotVerifiedError

__all__ = ["Qualtrics", "RunsNotSeenError", "TrafficNotVerifiedError"]

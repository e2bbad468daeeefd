"""What the pytest plugin hands to a test; loaded when the first test asks for it.

`Qualtrics` is public, for annotations: ``def test_export(qualtrics: Qualtrics)``.
"""

from mock_qualtrics.testing.tenant import Qualtrics, RunsNotSeenError

__all__ = ["Qualtrics", "RunsNotSeenError"]

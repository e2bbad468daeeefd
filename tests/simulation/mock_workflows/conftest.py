"""The same tenant and connector as the unit tests have."""

import runpy
from pathlib import Path

_UNIT = Path(__file__).parents[2] / "unit" / "mock_domain" / "conftest.py"

rehearse = runpy.run_path(str(_UNIT))["rehearse"]

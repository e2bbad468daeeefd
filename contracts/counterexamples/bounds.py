"""How long the fewest messages of a failure are looked for."""

from typing import Final

SHRINK_SECONDS: Final = 10.0
ALL_SHRINK_SECONDS: Final = 60.0

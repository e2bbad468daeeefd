"""``python -m loadtests.running``: Locust with this project's locustfile, and the same options.

Locust writes its ``--help`` before it reads a locustfile, so the options are added before.
"""

import sys
from pathlib import Path
from typing import Any, Final

import locust
import locust.main

from loadtests.running.options.declarations import add_options

LOCUSTFILE: Final = Path(__file__).parents[1] / "locustfile.py"


def start(words: list[str]) -> None:
    """Run Locust with these words, which end the process."""
    if {"-h", "--help"} & set(words):
        events: Any = locust.events
        events.init_command_line_parser.add_listener(lambda parser, **_: add_options(parser))
    sys.argv = ["locust", "-f", str(LOCUSTFILE), *words]
    main: Any = locust.main.main
    main()


if __name__ == "__main__":
    start(sys.argv[1:])

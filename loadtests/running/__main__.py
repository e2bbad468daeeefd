"""``python -m loadtests.running``: Locust with this project's locustfile, and the same options.

Locust writes its ``--help`` before it reads a locustfile, so the options are added before.
"""

import sys
from pathlib import Path
from typing import Any, Final

import locust
import locust.main
import psutil
from locust.exception import RPCError

from loadtests.running.options.declarations import add_options

LOCUSTFILE: Final = Path(__file__).parents[1] / "locustfile.py"
_NO_VERDICT: Final = 5
_DESCRIPTION: Final = (
    "Loads the destination that QUALTRICS_URL, QUALTRICS_USERNAME and QUALTRICS_API_TOKEN name, "
    "with Locust: its options, and those from --workload to --i-own-this-target. Of Locust's, "
    "--users is how many calls may be in flight at once (100), --host is not taken, a run ends by "
    "itself (--run-time cuts it), and --web-host and --master-bind-host are 127.0.0.1."
)


def start(words: list[str]) -> None:
    """Run Locust with these words, which end the process."""
    if {"-h", "--help"} & set(words):
        events: Any = locust.events
        events.init_command_line_parser.add_listener(_describe)
    sys.argv = ["locust", "-f", str(LOCUSTFILE), *words]
    main: Any = locust.main.main
    try:
        main()
    except RPCError as error:
        sys.stderr.write(f"error: {error}: --master-bind-port and --master-port name another\n")
        for worker in psutil.Process().children():  # of --processes: each would try for minutes
            worker.terminate()
        sys.exit(_NO_VERDICT)


def _describe(parser: Any, **_: Any) -> None:  # noqa: ANN401  Locust's
    parser.prog = "qualtrics-load locust"
    parser.usage = "%(prog)s [options]"
    parser.description = _DESCRIPTION
    add_options(parser)


if __name__ == "__main__":
    start(sys.argv[1:])

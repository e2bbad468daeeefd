"""Run mutmut for a while, on all areas or on one, and print the score: `make mutants`.

A run goes on where the last one stopped: it tries what was not run yet, and once more what no test
noticed. mutmut itself sees which functions are new or have changed since, and makes their mutants
anew; these are then run too.
"""

import argparse
import contextlib
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

from mutation.score import AREAS, report, results

FOLDER = Path("mutants")  # mutmut's
LOG = Path("mutants.log")
END_SECONDS = 10  # for mutmut to end in by itself


def names(folder: Path, area: str | None) -> list[str]:
    """Return what mutmut is to run: mutants, or patterns of them; nothing means all."""
    found = [result for result in results(folder) if area in (None, result.area)]
    if not found:
        return [f"{AREAS[area]}*"] if area else []
    return [result.mutant for result in found if result.code is None or result.survived]


def anew(folder: Path, area: str | None) -> list[str]:
    """Return the mutants that a run has made anew and not tried, for it could not know of them."""
    found = (result for result in results(folder) if area in (None, result.area))
    return [result.mutant for result in found if result.code is None]


def forget_tests(folder: Path) -> None:
    """Let mutmut see anew which tests run which functions; it asks that of new tests only."""
    file = folder / "mutmut-stats.json"
    if file.exists():
        known = json.loads(file.read_text("utf-8"))
        known |= {"tests_by_mangled_function_name": {}, "duration_by_test": {}}
        file.write_text(json.dumps(known), "utf-8")


def run_area(area: str | None, seconds: float, children: int) -> None:
    """Run what is to be run of an area, of all areas for None, and then what was made anew.

    Each of both takes at most so many seconds; the second one is only begun if the first one ends.
    """
    forget_tests(FOLDER)
    ended = run(names(FOLDER, area), seconds, children)
    if ended and (made := anew(FOLDER, area)):
        run(made, seconds, children)


def run(arguments: list[str], seconds: float, children: int) -> bool:
    """Run mutmut, at most for so many seconds; return whether it ended well by itself."""
    mutmut = str(Path(sys.executable).with_name("mutmut"))
    command = [mutmut, "run", "--max-children", str(children)]
    with (
        LOG.open("wb") as log,
        subprocess.Popen(
            [*command, *arguments], stdout=log, stderr=log, start_new_session=True
        ) as process,
    ):
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGINT)
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(END_SECONDS)
        else:
            return process.returncode == 0
        finally:  # its workers would go on without it
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
    return False


def main() -> None:
    """Run mutmut, then end as the score does."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--area", choices=AREAS, help="the only area to run; all by default")
    parser.add_argument("--seconds", type=float, default=2400, help="when to stop")
    parser.add_argument("--children", type=int, default=2, help="how many to run at a time")
    given = parser.parse_args()
    run_area(given.area, given.seconds, given.children)
    sys.exit(report(FOLDER))


if __name__ == "__main__":
    main()

"""CI runs what `make check` runs, and shows what runs beside the tests when its turn comes."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MAKEFILE = (ROOT / "Makefile").read_text("utf-8")
RUN = (ROOT / ".ci/run").read_text("utf-8")
SEEDS = (ROOT / "tests/simulation/test_seeds.py").read_text("utf-8")
PROGRAM = '#!/bin/sh\necho "$(basename "$0") $*"\n'
# It waits for what it is to end, so that there is something to end.
FAILING_MAKE = """#!/bin/sh
[ "$1" = test ] || exit 0
until [ -e began ]; do sleep 0.01; done
exit 3
"""
ENDLESS = """#!/bin/sh
trap 'touch ended; exit' TERM
touch began
while :; do sleep 0.01; done
"""
TIMEOUT_SECONDS = 300


def made_by_ci() -> list[str]:
    """Return what .ci/run makes within a time limit: all but the demo."""
    return re.findall(r"^timeout .* make (.*)$", RUN, re.MULTILINE)


def test_ci_makes_what_check_makes():
    (check,) = re.findall(r"^check: (\w[\w -]*?) *##", MAKEFILE, re.MULTILINE)
    (seeds,) = re.findall(r"^check: SEEDS = ([\d-]+)$", MAKEFILE, re.MULTILINE)
    assert " ".join(made_by_ci()) == f"{check} SEEDS={seeds}"
    assert "test" in made_by_ci()


def test_ci_simulates_the_seeds_that_follow_those_of_make_test():
    (last,) = re.findall(r"^SEEDS, EACH = (\d+),", SEEDS, re.MULTILINE)
    assert made_by_ci()[-1] == f"simulate SEEDS={int(last) + 1}-2000"


class Checkout:
    """A folder with .ci/run, in which every other program says how it was called."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        shutil.copytree(ROOT / ".ci", folder / ".ci")
        for name in ("apt-get", "make", "npm"):
            self.program(f"programs/{name}", PROGRAM)
        for name in ("openapi-tools", "wheel-smoke-test"):
            self.program(f".ci/{name}", PROGRAM)

    def program(self, path: str, text: str) -> None:
        file = self.folder / path
        file.parent.mkdir(exist_ok=True)
        file.write_text(text)
        file.chmod(0o755)

    def run(self) -> "subprocess.CompletedProcess[str]":
        path = f"{self.folder / 'programs'}{os.pathsep}{os.environ['PATH']}"
        return subprocess.run(
            [self.folder / ".ci/run"],
            env={**os.environ, "PATH": path, "TMPDIR": str(self.folder)},
            capture_output=True,
            text=True,
            timeout=TIMEOUT_SECONDS,
            check=False,
        )


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    return Checkout(tmp_path)


def test_what_runs_beside_the_tests_is_shown_in_its_own_step(checkout):
    done = checkout.run()
    assert done.returncode == 0, done.stdout + done.stderr
    *_, tests, tools, wheel = done.stdout.split("\n=== ")
    assert f"make {made_by_ci()[-1]}" in tests
    assert "openapi-tools \n" in tools
    assert "wheel-smoke-test \n" in wheel
    assert not list(checkout.folder.glob("tmp.*/openapi-tools"))


@pytest.mark.parametrize("name", ["openapi-tools", "wheel-smoke-test"])
def test_what_fails_beside_the_tests_fails_ci_and_is_shown(checkout, name):
    checkout.program(f".ci/{name}", PROGRAM + "echo what went wrong >&2\nexit 7\n")
    done = checkout.run()
    assert done.returncode == 7
    assert done.stdout.endswith(f"{name} \nwhat went wrong\n")


def test_a_failed_test_fails_ci_and_ends_what_runs_beside_it(checkout):
    checkout.program("programs/make", FAILING_MAKE)
    checkout.program(".ci/openapi-tools", ENDLESS)
    done = checkout.run()
    assert done.returncode == 3
    assert "=== make test-lowest" not in done.stdout
    assert (checkout.folder / "ended").exists()

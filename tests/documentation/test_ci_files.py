"""The jobs of docs/ci/ run as they stand, and leave the reports that they hand to the CI system."""

import itertools
import os
import shutil
import subprocess
import sys
import tomllib
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["name"]
FILES = {path.name: yaml.safe_load(path.read_text("utf-8")) for path in ROOT.glob("docs/ci/*.yml")}
TIMEOUT_SECONDS = 300
# A connector that posts nothing is judged all the same, and takes no time.
CONNECTOR = "#!/bin/sh\nexit 1\n"
CLAIMS = 'without = ["retries"]\n'  # the jobs themselves decline mapping


def commands_of(name: str) -> list[str]:
    if name == "gitlab-ci.yml":
        return list(FILES[name]["contract"]["script"])
    steps = FILES[name]["jobs"]["contract"]["steps"]
    return [step["run"] for step in steps if "run" in step]


def handed_over(name: str) -> list[str]:
    """Return the files and folders that the job hands to the CI system."""
    if name == "gitlab-ci.yml":
        artifacts = FILES[name]["contract"]["artifacts"]
        return [*artifacts["paths"], artifacts["reports"]["junit"]]
    upload = FILES[name]["jobs"]["contract"]["steps"][-1]
    return [upload["with"]["path"]]


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """Return a folder with what somebody's own project has."""
    shutil.copy(ROOT / "loadtests/dataflow.toml", tmp_path / "dataflow.toml")
    (tmp_path / "connector").write_text(CONNECTOR)
    (tmp_path / "connector").chmod(0o755)
    (tmp_path / "conformance.toml").write_text(CLAIMS)
    programs = tmp_path / "programs"
    programs.mkdir()
    (programs / "pip").write_text(f'#!/bin/sh\n[ "$*" = "install {PROJECT}" ]\n')
    (programs / "pip").chmod(0o755)
    return tmp_path


def run(command: str, folder: Path, **variables: str) -> "subprocess.CompletedProcess[str]":
    path = os.pathsep.join(
        [str(folder / "programs"), str(Path(sys.executable).parent), os.environ["PATH"]]
    )
    environ: dict[str, Any] = {**os.environ, "PATH": path, **variables}
    return subprocess.run(
        ["bash", "-e", "-c", command],
        cwd=folder,
        env=environ,
        capture_output=True,
        text=True,
        timeout=TIMEOUT_SECONDS,
        check=False,
    )


def test_the_jobs_run_as_they_stand_and_hand_over_their_reports(checkout: Path) -> None:
    summary = checkout / "summary.md"
    *before, conformance = dict.fromkeys(
        sorted((each for name in FILES for each in commands_of(name)), key=is_conformance)
    )
    for command in before:
        done = run(command, checkout, GITHUB_STEP_SUMMARY="")
        assert done.returncode == 0, done.stderr
    judged = run(conformance, checkout, GITHUB_STEP_SUMMARY=str(summary))
    assert judged.returncode == 1, judged.stderr  # the connector's failure, not the harness's
    assert "happy-path" in (checkout / "reports/conformance.xml").read_text("utf-8")
    said = summary.read_text("utf-8")
    assert said.startswith("## qualtrics-contracts conformance: ")
    assert "it made no call" in said
    assert "does not claim mapping" in said
    written = [str(path.relative_to(checkout)) for path in checkout.rglob("*")]
    for pattern in itertools.chain.from_iterable(map(handed_over, FILES)):
        assert any(fnmatch(path, pattern) for path in written), pattern


def is_conformance(command: str) -> bool:
    return command.startswith("qualtrics-contracts conformance")


def test_both_files_are_about_a_dozen_lines() -> None:
    assert FILES.keys() == {"github-actions.yml", "gitlab-ci.yml"}
    for name in FILES:
        assert len((ROOT / "docs/ci" / name).read_text("utf-8").splitlines()) <= 18

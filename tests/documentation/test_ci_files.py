"""The jobs of docs/ci/ run as they stand, and leave the reports that they hand to the CI system."""

import itertools
import os
import shutil
import subprocess
import sys
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[2]
FILES = {path.name: yaml.safe_load(path.read_text("utf-8")) for path in ROOT.glob("docs/ci/*.yml")}
TIMEOUT_SECONDS = 300
# A connector that posts nothing is judged all the same, and takes no time.
CONNECTOR = "#!/bin/sh\nexit 1\n"
# It takes what pip takes: the address of somebody's copy, which ends in the project's name.
PIP = '#!/bin/sh\ncase "$*" in "install git+https://"*/mock-qualtrics) ;; *) exit 1 ;; esac\n'
CLAIMS = 'without = ["retries"]\n'  # the jobs themselves decline mapping


def gitlab_jobs() -> dict[str, dict[str, Any]]:
    """Return each job of the file for GitLab, with what it extends."""
    jobs = {name: job for name, job in FILES["gitlab-ci.yml"].items() if name[0] != "."}
    return {name: FILES["gitlab-ci.yml"][job["extends"]] | job for name, job in jobs.items()}


def github_job() -> tuple[dict[str, str], list[dict[str, Any]]]:
    """Return the variables and the steps of the job for GitHub."""
    return FILES["github-actions.yml"]["env"], FILES["github-actions.yml"]["jobs"]["contract"][
        "steps"
    ]


def commands() -> list[tuple[str, dict[str, str]]]:
    """Return the commands of all jobs, each with the variables of its job."""
    variables, steps = github_job()
    found = [(step["run"], variables) for step in steps if "run" in step]
    for job in gitlab_jobs().values():
        found += [(line, job["variables"]) for line in (*job["before_script"], *job["script"])]
    return found


def conformance() -> set[str]:
    return {command for command, _ in commands() if " conformance " in command}


def handed_over() -> set[str]:
    """Return the files and folders that the jobs hand to the CI system."""
    artifacts = [job["artifacts"] for job in gitlab_jobs().values()]
    patterns = [(*one["paths"], one["reports"]["junit"]) for one in artifacts]
    _, steps = github_job()
    return {steps[-1]["with"]["path"], *itertools.chain.from_iterable(patterns)}


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """Return a folder with what somebody's own project has."""
    shutil.copy(ROOT / "loadtests/dataflow.toml", tmp_path / "dataflow.toml")
    (tmp_path / "connector").write_text(CONNECTOR)
    (tmp_path / "connector").chmod(0o755)
    (tmp_path / "conformance.toml").write_text(CLAIMS)
    programs = tmp_path / "programs"
    programs.mkdir()
    (programs / "pip").write_text(PIP)
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
    for command, variables in commands():
        if command not in conformance():
            done = run(command, checkout, GITHUB_STEP_SUMMARY="", **variables)
            assert done.returncode == 0, done.stderr
    (command,) = conformance()  # the same in both files
    judged = run(command, checkout, GITHUB_STEP_SUMMARY=str(summary))
    assert judged.returncode == 1, judged.stderr  # the connector's failure, not the harness's
    assert "happy-path" in (checkout / "reports/conformance.xml").read_text("utf-8")
    said = summary.read_text("utf-8")
    assert said.startswith("## qualtrics-contracts conformance: ")
    assert "no call came" in said
    assert "does not claim mapping" in said
    written = [str(path.relative_to(checkout)) for path in checkout.rglob("*")]
    for pattern in handed_over():
        assert any(fnmatch(path, pattern) for path in written), pattern
    assert "reports/kept/happy-path/counterexample/counterexample.json" in written


def test_a_dataflow_that_is_not_valid_keeps_no_job_from_judging_the_connector(
    checkout: Path,
) -> None:
    (checkout / "dataflow.toml").write_text("url = 1\n")
    validate = {command for command, _ in commands() if " validate " in command}
    for command in validate:
        assert run(command, checkout, GITHUB_STEP_SUMMARY="").returncode == 1
    _, steps = github_job()
    (install,) = (step for step in steps if step.get("run", "").startswith("pip install"))
    (judges,) = (step for step in steps if step.get("run") in conformance())
    condition = f"!cancelled() && steps.{install['id']}.outcome == 'success'"
    assert judges["if"] == f"${{{{ {condition} }}}}"
    assert steps[-1]["if"] == "always()"
    for job in gitlab_jobs().values():
        assert len(job["script"]) == 1
        assert "needs" not in job


def test_both_files_are_about_a_dozen_lines() -> None:
    assert FILES.keys() == {"github-actions.yml", "gitlab-ci.yml"}
    for name in FILES:
        assert len((ROOT / "docs/ci" / name).read_text("utf-8").splitlines()) <= 18

"""The recipes for tests without Python run as written, and fail when no run has succeeded."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.clients
ROOT = Path(__file__).parents[2]
BLOCK = re.compile(r"^```(sh|js|java)\n(.*?)^```", re.MULTILINE | re.DOTALL)
RECIPES = dict(BLOCK.findall((ROOT / "docs/ci.md").read_text("utf-8")))
JAVA = ["java", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xshare:auto"]
RUN = {
    "sh": (["sh"], "export.sh", "the run succeeded"),
    "js": (["node", "--test", "--test-reporter=tap"], "export.test.mjs", "# pass 1"),
    "java": (JAVA, "ExportTest.java", "the run succeeded"),
}
NEEDED = {"sh": "curl", "js": "node", "java": "java"}
TIMEOUT_SECONDS = 300


def run(language: str, recipe: str, folder: Path) -> subprocess.CompletedProcess[str]:
    if shutil.which(NEEDED[language]) is None and not os.environ.get("REQUIRE_CLIENTS"):
        pytest.skip(f"needs {NEEDED[language]}")
    command, name, _ = RUN[language]
    (folder / name).write_text(recipe, "utf-8")
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    return subprocess.run(
        [*command, name],
        cwd=folder,
        env={**os.environ, "PATH": path, "TMPDIR": str(folder), "NO_PROXY": "127.0.0.1"},
        capture_output=True,
        text=True,
        timeout=TIMEOUT_SECONDS,
        check=False,
    )


@pytest.mark.parametrize("language", RECIPES)
def test_a_recipe_runs_as_written_and_leaves_nothing(language: str, tmp_path: Path) -> None:
    done = run(language, RECIPES[language], tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    assert RUN[language][2] in done.stdout
    assert [file.name for file in tmp_path.iterdir()] == [RUN[language][1]]


def test_the_shells_recipe_fails_when_the_run_has_another_event(tmp_path: Path) -> None:
    recipe = RECIPES["sh"]
    done = run("sh", recipe.replace('"Dave"', '"Eve"', 1), tmp_path)
    assert done.returncode == 1
    assert "no run has this event" in done.stdout
    assert RUN["sh"][2] not in done.stdout

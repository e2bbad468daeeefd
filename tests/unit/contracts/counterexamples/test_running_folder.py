import dataclasses

import pytest

from contracts.conformance.catalogue import catalogue
from contracts.counterexamples.running_folder import folder_to_run_in
from contracts.counterexamples.stored import Stored


@pytest.fixture
def folders(tmp_path):
    before, here = tmp_path / "before", tmp_path / "here"
    for folder in (before, here):
        (folder / "package").mkdir(parents=True)
    return before, here


def stored(before, connector, *, is_function=False):
    scenario = catalogue()["happy-path"]
    return Stored(scenario, ("…",), connector, is_function, str(before), 30.0, True, 10)


@pytest.mark.parametrize(
    ("connector", "file", "is_function"),
    [
        (("php", "connector.php"), "connector.php", False),
        (("./connector", "--fast"), "connector", False),
        (("python", "-m", "package"), "package/__main__.py", False),
        (("python", "-X", "dev", "-m", "package.run"), "package/run.py", False),
        (("package.run:deliver",), "package/run.py", True),
        (("package:deliver",), "package/__init__.py", True),
    ],
)
def test_the_current_folder_comes_first_where_the_connector_is_found(
    folders, connector, file, is_function
):
    before, here = folders
    found = stored(before, connector, is_function=is_function)
    for folder in folders:
        assert folder_to_run_in(found, here) == before
        (folder / file).write_text("")
    assert folder_to_run_in(found, here) == here


@pytest.mark.parametrize("connector", [("make", "run"), ("php",), ("sh", "-c", "x" * 5_000)])
def test_a_command_that_names_no_file_runs_where_it_ran(folders, connector):
    before, here = folders
    (here / "php").write_text("")
    assert folder_to_run_in(stored(before, connector), here) == before


def test_an_absolute_path_says_nothing_of_the_current_folder(folders):
    before, here = folders
    (here / "c.py").write_text("")
    assert folder_to_run_in(stored(before, ("python", str(here / "c.py"))), here) == before


def test_without_the_folder_of_the_run_it_is_the_current_one(folders):
    before, here = folders
    gone = dataclasses.replace(stored(before, ("make",)), working_folder=str(before / "gone"))
    assert folder_to_run_in(gone, here) == here

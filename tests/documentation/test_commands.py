"""Every command line that a document or a `--help` shows can be typed as it stands."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from contracts.cli import main as contracts
from loadtests.benchmarks.__main__ import main as benchmarks
from loadtests.cli import main as load
from mock_qualtrics.cli import main as mock
from sender.cli import main as sender

ROOT = Path(__file__).parents[2]
DOCUMENTS = sorted(
    str(path.relative_to(ROOT))
    for folder in (".", "docs", "docs/reference", "tests")
    for path in (ROOT / folder).glob("*.md")
)
PROGRAMS = {
    "mock-qualtrics": mock,
    "qualtrics-sender": sender,
    "qualtrics-contracts": contracts,
    "qualtrics-load": load,
    "loadtests.benchmarks": benchmarks,
}
SHELL_BLOCK = re.compile(r"^```sh\n(.*?)^```", re.MULTILINE | re.DOTALL)
INLINE_CODE = re.compile(r"`([^`\n]+)`")


def lines_of(document: str) -> Iterator[str]:
    text = (ROOT / document).read_text("utf-8")
    for block in SHELL_BLOCK.findall(text):
        yield from block.replace("\\\n", " ").splitlines()
    yield from INLINE_CODE.findall(SHELL_BLOCK.sub("", text))


def shown() -> Iterator[tuple[str, str]]:
    """Yield each command line of ours, and where it stands."""
    for document in DOCUMENTS:
        for line in lines_of(document):
            words = line.strip().removeprefix("python -m ")
            if words.split(" ")[0] in PROGRAMS:
                yield words, document
    for name, program in PROGRAMS.items():
        for command in all_commands(program):
            example = (command.epilog or command.help or "").rpartition("Example: ")[2]
            yield example.strip().removeprefix("python -m "), f"{name} {command.name} --help"


def commands(program: click.Group) -> list[click.Command]:
    context = click.Context(program)
    found = [program.get_command(context, name) for name in program.list_commands(context)]
    return [program, *(command for command in found if command is not None)]


def all_commands(program: click.Group) -> Iterator[click.Command]:
    for command in commands(program):
        if isinstance(command, click.Group) and command is not program:
            yield from all_commands(command)
        else:
            yield command


def options(command: click.Command) -> set[str]:
    return {name for param in command.params for name in param.opts} | {"--help", "--version"}


@pytest.mark.parametrize(("line", "where"), list(shown()))
def test_a_command_line_names_a_command_and_options_that_exist(line: str, where: str) -> None:
    program, *words = shlex.split(line, comments=True)
    assert program in PROGRAMS, f"{where} shows no example"
    words = words[: words.index("--")] if "--" in words else words  # a command of somebody else
    command, names = PROGRAMS[program], []
    while isinstance(command, click.Group) and words and not words[0].startswith("--"):
        named = {each.name: each for each in commands(command)[1:]}
        names.append(words.pop(0))
        assert names[-1] in named, f"{where}: {program} has no command {' '.join(names)}"
        command = named[names[-1]]
    if command.context_settings.get("ignore_unknown_options"):
        return  # they are another program's: tests/end_to_end/loadtests/test_locust.py
    given = {word.partition("=")[0] for word in words if word.startswith("--")}
    assert given <= options(command), where


@pytest.mark.parametrize("document", DOCUMENTS)
def test_a_make_target_that_is_named_exists(document: str) -> None:
    targets = set(re.findall(r"^([\w-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    named = {line.split()[1] for line in lines_of(document) if re.match(r"make \w", line)}
    assert named <= targets

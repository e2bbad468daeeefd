"""A command that ``exec`` runs: signals reach it and what it has started, and nothing is left."""

import os
import signal
import threading
from pathlib import Path

import pytest

from mock_qualtrics.commands.execute import supervised_command
from mock_qualtrics.commands.execute.supervised_command import CannotStartError, SupervisedCommand
from support import until

# Short sleeps: a shell runs its trap only between two commands.
ENDLESS = (
    "{inner} & echo $! > {folder}/inner; echo $$ > {folder}/outer; while :; do sleep 0.02; done"
)
DEAF = 'trap "" TERM HUP; ' + ENDLESS


@pytest.fixture
def said() -> list[str]:
    return []


@pytest.fixture
def elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    """Run the command off a terminal, wherever the tests run."""
    monkeypatch.setattr(supervised_command, "_is_in_foreground", lambda: False)


def run(command: SupervisedCommand, script: str, *, then: "tuple[int, Path] | None" = None) -> int:
    """Run a script; once the file is there, send this process the signal."""
    if then is not None:
        number, file = then
        own = os.getpid()

        def send() -> None:
            until(lambda: file.exists() and file.read_text().endswith("\n"))
            until(lambda: not is_still_the_shell(file.with_name("inner")))
            os.kill(own, number)

        threading.Thread(target=send, daemon=True).start()
    with command.taking_signals():
        return command.run(["sh", "-c", script], os.environ)


def is_still_the_shell(file: Path) -> bool:
    """Tell whether a process has not yet become what it is to run: until then it loses signals."""
    try:
        return Path(f"/proc/{file.read_text().strip()}/comm").read_text() == "sh\n"
    except OSError:  # it has ended, or there is none
        return False


def lives(file: Path) -> bool:
    """Tell whether a process still runs; one that only waits to be asked for does not."""
    stat = Path(f"/proc/{file.read_text().strip()}/stat")
    return stat.exists() and stat.read_text().rpartition(")")[2].split()[0] not in "ZX"


@pytest.mark.parametrize(("script", "code"), [("exit 0", 0), ("exit 7", 7), ("kill -9 $$", 137)])
def test_the_exit_code_is_the_command_s_own(said, script, code):
    assert run(SupervisedCommand(said.append), script) == code
    assert said == []


@pytest.mark.parametrize(
    ("name", "content", "code", "reason"),
    [
        ("there-is-none", None, 127, "there is no such command"),
        ("no-program", "", 126, "Permission denied"),
        ("script", "#!{folder}/sh\n", 126, "its interpreter is not there"),
        ("a\0b", None, 126, "null byte"),
    ],
)
def test_a_command_that_cannot_be_started_is_told_as_a_shell_does(
    said, tmp_path, name, content, code, reason
):
    file = tmp_path / name
    if content is not None:
        file.write_text(content.format(folder=tmp_path))
        file.chmod(0o755 if content else 0o644)
    with pytest.raises(CannotStartError, match=reason) as told:
        SupervisedCommand(said.append).run([str(file)], os.environ)
    assert told.value.exit_code == code


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
@pytest.mark.usefixtures("elsewhere")
def test_a_signal_reaches_the_command_and_what_it_has_started(said, tmp_path, number):
    handlers = [signal.getsignal(each) for each in supervised_command._FORWARDED]
    # A shell without job control lets what is behind & ignore Ctrl-C.
    inner = "true" if number is signal.SIGINT else "sleep 1000"
    script = f"trap 'exit 9' {number.name[3:]}; " + ENDLESS.format(folder=tmp_path, inner=inner)
    code = run(SupervisedCommand(said.append, 60), script, then=(number, tmp_path / "outer"))
    assert code == 9
    if number is signal.SIGINT:  # on a busy machine even `true` is perhaps only about to run
        until(lambda: not lives(tmp_path / "inner"))
    assert not lives(tmp_path / "inner")
    assert said == []
    assert [signal.getsignal(each) for each in supervised_command._FORWARDED] == handlers


@pytest.mark.usefixtures("elsewhere")
def test_a_command_that_ignores_the_end_is_killed_with_what_it_has_started(said, tmp_path):
    command = SupervisedCommand(said.append, 0.1)
    script = DEAF.format(folder=tmp_path, inner="sleep 1000")
    code = run(command, script, then=(signal.SIGTERM, tmp_path / "outer"))
    assert code == 128 + signal.SIGKILL
    assert said == ["the command did not end within 0.1 s of SIGTERM: killed"]
    until(lambda: not lives(tmp_path / "inner"))


@pytest.mark.usefixtures("elsewhere")
def test_what_a_command_leaves_behind_when_it_is_ended_is_killed(said, tmp_path):
    deaf_child = (
        f'(trap "" TERM; sleep 1000) & echo $! > {tmp_path}/inner; echo > {tmp_path}/on; wait'
    )
    command = SupervisedCommand(said.append, 0.1)
    assert run(command, deaf_child, then=(signal.SIGTERM, tmp_path / "on")) == 128 + signal.SIGTERM
    until(lambda: not lives(tmp_path / "inner"))


def test_on_a_terminal_ctrl_c_is_not_sent_a_second_time(said, tmp_path, monkeypatch):
    monkeypatch.setattr(supervised_command, "_is_in_foreground", lambda: True)
    command = SupervisedCommand(said.append)
    file = tmp_path / "outer"
    script = f"trap 'exit 8' USR1; trap 'exit 9' INT; echo > {file}; while :; do sleep 0.02; done"

    def press() -> None:
        until(file.exists)
        os.kill(os.getpid(), signal.SIGINT)
        os.kill(os.getpid(), signal.SIGUSR1)

    threading.Thread(target=press, daemon=True).start()
    with command.taking_signals():
        assert command.run(["sh", "-c", script], os.environ) == 8


def test_a_signal_before_the_start_ends_the_process_as_usual(said):
    with (
        pytest.raises(SystemExit) as ended,
        SupervisedCommand(said.append).taking_signals(),
    ):
        signal.raise_signal(signal.SIGTERM)
    assert ended.value.code == 128 + signal.SIGTERM


def test_a_signal_that_is_ignored_stays_ignored(said):
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with SupervisedCommand(said.append).taking_signals():
            assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGHUP, before)

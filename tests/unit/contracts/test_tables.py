import pytest

from contracts import tables
from contracts.tables import Column, print_rows

ID = "WR_0123456789abcdef0123456789abcdef"
COLUMNS = [Column("Run", whole=True), Column("Workflow"), Column("Note")]
ROWS = [(ID, "A name of several words", None), (ID, "b", "tab\there, \x1b[2J")]


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch):
    """Print as on a terminal of so many columns."""

    def of(columns: int) -> None:
        monkeypatch.setattr(tables, "on_terminal", lambda: True)
        monkeypatch.setenv("COLUMNS", str(columns))

    return of


def test_off_a_terminal_a_row_is_a_line_of_cells_between_tabs(capsys):
    print_rows(COLUMNS, ROWS)
    assert capsys.readouterr().out.splitlines() == [
        f"{ID}\tA name of several words\t",
        rf"{ID}" + "\tb\ttab\\there, \\u001b[2J",
    ]


@pytest.mark.parametrize("kind", ["xterm", "dumb"])
@pytest.mark.parametrize("columns", [10, 40, 80, 200])
def test_an_id_keeps_its_width_on_a_terminal_of_any_width(
    terminal, capsys, columns, kind, monkeypatch
):
    monkeypatch.setenv("TERM", kind)
    monkeypatch.delenv("FORCE_COLOR", raising=False)
    if kind == "dumb":
        monkeypatch.setenv("FORCE_COLOR", "1")
    terminal(columns)
    print_rows(COLUMNS, ROWS)
    printed = capsys.readouterr().out
    assert printed.count(ID) == 2
    assert all(heading in printed for heading in ("Run", "Workflow", "Note"))
    least = len(ID) + len("Workflow") + len("Note") + 6
    assert max(map(len, printed.splitlines())) <= max(columns, least)
    assert "several" in printed
    assert "\x1b" not in printed


def test_no_rows_are_only_headings_on_a_terminal_and_nothing_elsewhere(terminal, capsys):
    print_rows(COLUMNS, [])
    assert capsys.readouterr().out == ""
    terminal(80)
    print_rows(COLUMNS, [])
    assert "Workflow" in capsys.readouterr().out


def test_markup_is_printed_as_it_stands(terminal, capsys):
    terminal(80)
    print_rows([Column("Name")], [["[red]a[/red]"]])
    assert "[red]a[/red]" in capsys.readouterr().out

"""``python -m docs.make_reference``: write the pages, or ``--check`` that they are up to date."""

import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Final

from docs.make_reference import control_api, python_api, scenarios, settings
from docs.make_reference.schema_tables import part_of, sections

FOLDER: Final = Path(__file__).parents[1] / "reference"
_EXAMPLES: Final = Path(__file__).parents[1] / "examples" / "post-purchase"
_NOTE: Final = "<!-- Made by `python -m docs.make_reference`; change what it is made from. -->"
Page = tuple[str, Callable[[], Iterator[str]]]


def _dataflow() -> Iterator[str]:
    yield (
        "What `qualtrics-sender export --dataflow` reads: the destination, its mapping and its "
        "audiences. It never holds the token, which is read from `QUALTRICS_API_TOKEN`. "
        "`QUALTRICS_URL` and `QUALTRICS_USERNAME` take the place of `url` and `username`, which "
        "must be valid all the same. What the profiles look like: [profiles.md](../profiles.md)."
    )
    yield _example("dataflow.toml")
    yield "## The file"
    yield from sections(part_of("dataflow"))


def _workflows() -> Iterator[str]:
    yield (
        "What `mock-qualtrics serve --workflows` reads. The control API takes the same settings "
        "with keys in camelCase: `on_task_failure` is `onTaskFailure` there. The server reads the "
        "file again whenever it changes; a file with an error changes nothing."
    )
    yield _example("workflows.toml")
    yield "## The file"
    yield from sections(part_of("workflows-file"))


def _faults() -> Iterator[str]:
    yield (
        "What goes wrong on purpose, and for which calls: "
        "`POST /__control/v1/tenants/{id}/faults`, or `qualtrics.faults.add(kind, when=…)` in a "
        "test, with keys in snake_case there."
    )
    yield "## A fault"
    yield from sections(part_of("fault"))


def _control_api() -> Iterator[str]:
    yield (
        "Everything that the pages show and the commands do can be asked for under "
        "`/__control/v1`. The whole description, for generators of clients: "
        "`mock-qualtrics openapi`. In the lines below `$TENANT`, `$WORKFLOW`, `$RUN`, `$REQUEST` "
        "and `$FAULT` are ids; off loopback each call needs "
        '`-H "Authorization: Bearer $MOCK_QUALTRICS_CONTROL_TOKEN"`.'
    )
    yield from control_api.calls()


def _fixture() -> Iterator[str]:
    yield "What a test can do with the fixture `qualtrics`; how to use it: [pytest](../pytest.md)."
    yield from python_api.members()


def _scenarios() -> Iterator[str]:
    yield (
        "What `qualtrics-contracts conformance` tries, one run of the connector for each. A "
        "scenario is skipped when one of its claims is declined. What claims mean, and how to read "
        "a failure: [conformance](../conformance.md)."
    )
    yield scenarios.table()


def _settings() -> Iterator[str]:
    yield "## Flags of `mock-qualtrics serve`"
    yield settings.flags()
    yield "## A tenant's settings"
    yield (
        "The body of `POST /__control/v1/tenants`; in a test the arguments of "
        "`@pytest.mark.qualtrics(…)`, in snake_case there."
    )
    yield from sections(part_of("tenant-settings"))
    yield "## What the vendors' pages say, and others have seen"
    yield "The date is the one that the source shows; vendors change their pages."
    yield settings.of_the_vendors()
    yield "## What nobody documents"
    yield (
        "Each behaviour that is assumed is a setting. Those of the mock are set with "
        "`serve --assume NAME=VALUE`; the others as the row says. `qualtrics-contracts fidelity` "
        "has the sources."
    )
    yield settings.assumptions()


PAGES: Final[Mapping[str, Page]] = {
    "dataflow-file": ("The dataflow file", _dataflow),
    "workflows-file": ("The workflows file", _workflows),
    "faults": ("Faults", _faults),
    "control-api": ("The control API", _control_api),
    "fixture": ("The fixture", _fixture),
    "settings": ("Settings of the mock", _settings),
    "scenarios": ("Scenarios", _scenarios),
}


def pages() -> dict[str, str]:
    """Return each page's text by its file name."""
    made = {f"{name}.md": _page(title, parts()) for name, (title, parts) in PAGES.items()}
    links = (f"- [{title}]({name}.md)" for name, (title, _) in PAGES.items())
    return {"README.md": _page("Reference", ["\n".join(links)]), **made}


def _page(title: str, parts: Iterator[str] | list[str]) -> str:
    return "\n\n".join([f"# {title}", _NOTE, *filter(None, parts)]) + "\n"


def _example(name: str) -> str:
    return f"```toml\n{(_EXAMPLES / name).read_text('utf-8').strip()}\n```"


def outdated() -> list[str]:
    """Return the names of the pages whose file is missing, or is another than the one made now."""
    return [name for name, text in pages().items() if _stored(FOLDER / name) != text]


def _stored(path: Path) -> str | None:
    return path.read_text("utf-8") if path.exists() else None


def main(arguments: list[str]) -> int:
    """Write the pages, or only check them; return the exit code."""
    names = outdated()
    if "--check" in arguments:
        if names:
            print(f"outdated: {', '.join(names)}; run python -m docs.make_reference")  # noqa: T201
        return 1 if names else 0
    FOLDER.mkdir(exist_ok=True)
    for name in names:
        (FOLDER / name).write_text(pages()[name], "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

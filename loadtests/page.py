"""Pages of HTML that need nothing else: no script, no asset, no network; all in one style."""

from importlib.resources import files
from typing import Any, Final

from contracts import __version__
from contracts.terminal import printable

_STYLE: Final = ("templates", "style.css")


def rendered(template: tuple[str, ...], **values: Any) -> bytes:  # noqa: ANN401  the template's
    """Return a page, in UTF-8.

    Args:
        template: where it is in this package, folder by folder.
        values: its own; what ``templates/page.html`` needs is there in any case.
    """
    from jinja2 import Environment, FunctionLoader, StrictUndefined  # noqa: PLC0415  few need it

    environment = Environment(
        loader=FunctionLoader(lambda name: _text(tuple(name.split("/")))),  # it extends and imports
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_printable,
        undefined=StrictUndefined,
    )
    page = environment.from_string(_text(template))
    return page.render(style=_text(_STYLE), version=__version__, **values).encode()


def _text(path: tuple[str, ...]) -> str:
    return files("loadtests").joinpath(*path).read_text("utf-8")


def _printable(value: object) -> object:
    return printable(value) if isinstance(value, str) and not hasattr(value, "__html__") else value

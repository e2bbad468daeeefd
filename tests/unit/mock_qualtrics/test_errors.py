"""The hierarchy that the docstring of the package's errors draws is the one that is there."""

import re

from mock_qualtrics import errors


def drawn() -> dict[str, str | None]:
    """Return every drawn class's name with the one that it hangs from."""
    above: list[str] = []
    found: dict[str, str | None] = {}
    for line in errors.__doc__.splitlines():
        if match := re.match(r"([│├└─ ]*)([A-Z]\w*Error)\b", line):
            depth = len(match[1]) // 4
            found[match[2]] = above[depth - 1] if depth else None
            above[depth:] = [match[2]]
    return found


def test_every_error_is_drawn_below_the_one_it_derives_from():
    bases = {
        name: one.__bases__[0].__name__
        for name, one in vars(errors).items()
        if name.endswith("Error")
    }
    assert {**drawn(), "MockError": "Exception"} == bases

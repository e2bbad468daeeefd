"""Which workflow a URL that names none was perhaps meant for, by the ends of its ids. Pure.

Of ids only the last characters are kept, so this is a guess, by how alike these are.
"""

import urllib.parse
from collections.abc import Sequence
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Final, NamedTuple

from mock_qualtrics.engine.call_details import OLDER_FORM, URL_TOKEN
from mock_qualtrics.gate.kept_parts import CUT, tail

if TYPE_CHECKING:
    from mock_qualtrics.tenants.workflow import Workflow

_LEAST_ALIKE: Final = 0.7  # three of four characters, in order: as of a URL whose end was lost
_MOST_COMPARED: Final = 50  # among more, some token would be alike by chance
_OLDER_IDS: Final = {
    "triggerId": "trigger_id",
    "contextId": "context_id",
    "userId": "user_id",
    "brandId": "brand_id",
}


class Meant(NamedTuple):
    """A workflow that a URL was perhaps meant for.

    Attributes:
        why: what speaks for it, in words.
    """

    workflow: "Workflow"
    why: str


def meant_workflow(query: str, workflows: Sequence["Workflow"]) -> Meant | None:
    """Return the workflow whose URL is most like this one; None when none is like it.

    Args:
        query: the query of the URL, as it is kept.
        workflows: those that may be meant.
    """
    given = dict(urllib.parse.parse_qsl(query, keep_blank_values=True))
    found = _by_token(given, workflows) or _by_older_ids(given, workflows)
    if found is None and len(workflows) == 1:
        return Meant(workflows[0], "it is the only one")
    return found


def _by_token(given: dict[str, str], workflows: Sequence["Workflow"]) -> Meant | None:
    kept = next((value for name, value in given.items() if name.lower() == URL_TOKEN.lower()), "")
    if not kept.startswith(CUT):
        return None
    same = next((one for one in workflows if _is_tail(kept, one.url_token_id)), None)
    if same is not None:
        return Meant(same, "the last characters of its token are the same")
    return _by_alike_token(kept, workflows) if 0 < len(workflows) <= _MOST_COMPARED else None


def _by_alike_token(kept: str, workflows: Sequence["Workflow"]) -> Meant | None:
    best = max(workflows, key=lambda one: _likeness(kept, one.url_token_id))
    if _likeness(kept, best.url_token_id) < _LEAST_ALIKE:
        return None
    return Meant(best, f"its token ends in {tail(best.url_token_id)}")


def _is_tail(kept: str, identifier: str) -> bool:
    # `tail` looks at an id closely, which takes long: most are told apart by their ends.
    may_be = not kept.startswith(CUT) or identifier.endswith(kept.removeprefix(CUT))
    return may_be and tail(identifier) == kept


def _likeness(kept: str, identifier: str) -> float:
    ends = kept.removeprefix(CUT), tail(identifier).removeprefix(CUT)
    return SequenceMatcher(None, *ends, autojunk=False).ratio()


def _by_older_ids(given: dict[str, str], workflows: Sequence["Workflow"]) -> Meant | None:
    names = [name for name in OLDER_FORM if name in given]
    if not names:
        return None

    def same(workflow: "Workflow") -> list[str]:
        ids = {name: getattr(workflow, _OLDER_IDS[name]) for name in names}
        return [name for name in names if _is_tail(given[name], ids[name])]

    best = max(workflows, key=lambda one: len(same(one)), default=None)
    # A user and a brand have many workflows: only the other two ids tell these apart.
    if best is None or not {"triggerId", "contextId"} & set(same(best)):
        return None
    others = [name for name in OLDER_FORM if name in given and name not in same(best)]
    return Meant(best, f"only {' and '.join(others) or 'the beginning of an id'} is not as in its")

"""What other audiences in a dataflow mean for who receives its messages. Pure."""

from collections.abc import Iterator, Sequence

from contracts.compatibility.changes.change import Change, Whom
from contracts.compatibility.messages.mapped_dataflow import Audience


def audience_changes(old: Sequence[Audience], new: Sequence[Audience]) -> Iterator[Change]:
    """Yield the changes between the mapped audiences of two dataflows."""
    before = {audience.id: audience for audience in old}
    after = {audience.id: audience for audience in new}
    for name, audience in before.items():
        if name not in after:
            text = "it is not exported any more, nor are exits from it: what is held goes stale"
            yield Change(f"audience {name}", f"{text} (A-EXP-7)", Whom.RECEIVER)
        else:
            yield from _dates(audience, after[name])
    if new and not old:
        text = "only members of mapped audiences are exported from now on"
        yield Change("audiences", text, Whom.RECEIVER)
        return
    for name in (name for name in after if name not in before):
        text = "its members are exported too, and a condition on ups.* holds for them (A-EXP-3)"
        yield Change(f"audience {name}", text)


def _dates(old: Audience, new: Audience) -> Iterator[Change]:
    place = f"audience {old.id}"
    days = f"it is exported {new.days}, where it was exported {old.days}"
    if not new.covers(old):
        yield Change(place, f"{days}: on fewer days (A-EXP-6)", Whom.RECEIVER)
    elif not old.covers(new):
        yield Change(place, f"{days}: on more days (A-EXP-6)")

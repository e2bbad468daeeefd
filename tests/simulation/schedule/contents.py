"""What a profile's messages must carry, said by a plain model of what exports a profile."""

from collections.abc import Iterable, Sequence

from simulation.schedule.rows import Export, Row

REALIZED, EXITED = "realized", "exited"


def expected_contents(rows: Iterable[tuple[Row, bool]]) -> list[tuple[str, str]]:
    """Return what a profile's messages must carry, in order (A-EXP-1, A-EXP-4).

    Args:
        rows: the profile's rows in order, each with whether its export is restated.

    Returns:
        The text and the audience's status of each message.
    """
    contents: list[tuple[str, str]] = []
    member, known = False, ""
    for row, restated in rows:
        text = row.text + "x" * row.filler_bytes
        realized = row.realized and row.consents
        if realized and (not member or restated or text != known):
            contents.append((text, REALIZED))
            known = text
        elif member and not realized:
            contents.append((text, EXITED))
            known = text
        member = realized
    return contents


def contents_by_profile(exports: Sequence[Export]) -> dict[int, list[tuple[str, str]]]:
    """Return what each profile's messages must carry, in order, by its number."""
    rows: dict[int, list[tuple[Row, bool]]] = {}
    for export in exports:
        for row in export.rows:
            rows.setdefault(row.profile, []).append((row, export.restated))
    return {profile: expected_contents(each) for profile, each in rows.items()}

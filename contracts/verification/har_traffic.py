"""The traffic of a HAR file: which entries are calls of triggers, and what they were.

Several hosts may be in one file: a trigger is known by its path (Q-URL-1, Q-URL-3).
"""

from collections.abc import Iterable
from pathlib import Path
from typing import Final

from contracts.addresses import is_trigger_path
from contracts.verification.har_file import read_har
from contracts.verification.har_parts import HarEntry, har_entry
from contracts.verification.har_secrets import HarSecrets, basic_password, query_has_token
from contracts.verification.retry_after import retry_after_seconds
from contracts.verification.traffic import SUCCESS, Call, Credential, Traffic

_SHOWN: Final = frozenset({"content-type", "content-encoding", "content-length"})
_API_PATH: Final = "/API/v3/"
_CREDENTIAL_HEADERS: Final = frozenset({"x-api-token", "authorization"})


def read_entries(path: str) -> list[HarEntry]:
    """Return the entries of a HAR file, oldest first.

    Raises:
        UnreadableFileError: the file cannot be read, or is no HAR file; the message quotes nothing.
    """
    entries = [har_entry(path, n, entry) for n, entry in enumerate(read_har(path), 1)]
    return sorted(entries, key=lambda entry: entry.at)


def har_traffic(path: str) -> Traffic:
    """Return the traffic of a HAR file.

    Raises:
        UnreadableFileError: as :func:`read_entries`.
    """
    return traffic_of_entries(Path(path).name, read_entries(path))


def traffic_of_entries(subject: str, entries: Iterable[HarEntry]) -> Traffic:
    """Return the traffic of entries, without those that only ask for leave (preflight)."""
    calls = [entry for entry in entries if not is_preflight(entry)]
    secrets = HarSecrets(calls)
    shown = {credential_of(entry) for entry in calls if is_trigger_path(entry.parts.path)}
    # Many writers leave all credentials out: then nobody knows whether there were any.
    without = Credential.NONE if shown - {None} else None
    return Traffic(
        secrets.hide(subject),
        tuple(_call(entry, secrets, without) for entry in calls),
        hide=secrets.hide,
    )


def is_preflight(entry: HarEntry) -> bool:
    """Return whether an entry is a browser's or a proxy's own, and no call of anybody's code."""
    return entry.method in ("OPTIONS", "CONNECT")


def credential_of(entry: HarEntry) -> Credential | None:
    """Return what an entry carried; None when it shows nothing."""
    if entry.header("x-api-token") is not None:
        return Credential.TOKEN
    authorization = entry.header("authorization")
    if authorization is None:
        return None
    return Credential.OTHER if basic_password(authorization) is None else Credential.BASIC


def media_type_of(entry: HarEntry) -> str:
    """Return an entry's Content-Type: of its headers or else of its body; empty for none."""
    given = entry.header("content-type")
    return entry.media_type if given is None and not entry.headers else given or ""


def _call(entry: HarEntry, secrets: HarSecrets, without: Credential | None) -> Call:
    is_trigger = is_trigger_path(entry.parts.path)
    headers = {name: secrets.hide(value) for name, value in entry.headers if name in _SHOWN}
    return Call(
        place=entry.place,
        at=entry.at,
        method=entry.method,
        url=secrets.hide(f"{entry.parts.hostname or ''}{entry.parts.path}"),
        is_trigger=is_trigger,
        status=entry.status,
        accepted=entry.status in SUCCESS,
        answer_seconds=entry.seconds,
        answer_was_lost=entry.status is None,
        headers=headers | {"content-type": secrets.hide(media_type_of(entry))},
        body=entry.body,
        body_bytes=entry.body_bytes,
        trace_id=entry.header("x-trace-id") or None,
        trigger=f"{entry.parts.netloc}?{entry.parts.query}",
        credential=credential_of(entry) or without,
        token_in=_places(entry, secrets, is_trigger=is_trigger),
        retry_after_seconds=retry_after_seconds(
            entry.answer_header("retry-after"), entry.answer_header("date")
        ),
    )


def _shows_token(name: str, value: str, secrets: HarSecrets) -> bool:
    # HTTP Basic is base64 itself, and has a place of its own.
    is_plain = name == "authorization"
    return secrets.stands_plainly_in(value) if is_plain else secrets.stands_in(value)


def _places(entry: HarEntry, secrets: HarSecrets, *, is_trigger: bool) -> frozenset[str]:
    shown = {name for name, value in entry.headers if _shows_token(name, value, secrets)}
    password = basic_password(entry.header("authorization") or "") or ""
    in_url = secrets.stands_in(entry.url) or (is_trigger and query_has_token(entry))
    in_body = secrets.stands_in((entry.body or b"").decode(errors="replace"))
    places = {
        "header": bool(shown & _CREDENTIAL_HEADERS),
        "other-header": bool(shown - _CREDENTIAL_HEADERS),
        "basic": secrets.stands_in(password),
        "query": in_url,
        "body": in_body,
    }
    if entry.parts.path.startswith(_API_PATH):  # such as whoami, which wants it (Q-AUTH-5)
        places |= {"header": False, "basic": False}
    return frozenset(place for place, is_there in places.items() if is_there)

"""The parts of one HAR entry, read with all that writers leave out or write in another way. Pure.

Browsers leave out credentials and bodies, write status 0 for no answer and -1 for what they do not
know; proxies write binary bodies in base64; with HTTP/2 headers begin with a colon.
"""

import base64
import binascii
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import SplitResult, urlsplit

from contracts.errors import BrokenDocumentError
from contracts.exact_values import exact_value

_STATUSES: Final = range(100, 600)
_LARGEST: Final = 10**15  # bytes or milliseconds; nothing that was recorded is larger


@dataclass(frozen=True, slots=True)
class HarEntry:
    """One entry, as it stands in the file: with its secrets, so it must not be shown.

    Attributes:
        place: where people find it.
        at: when the call was made, in seconds since 1970.
        seconds: how long it took; None when that is not known.
        method: the HTTP method.
        url: its whole URL.
        headers: pairs of names in lower case and values, without HTTP/2's pseudo headers.
        media_type: of the body, where the recording has that beside the headers.
        body: the whole body; None when the recording does not have it.
        body_bytes: its size; None when that is not known.
        cookies: the values of cookies, both ways.
        status: of the answer; None when there was none.
        answer_headers: those of the answer, as `headers`.
        error_code: the error's code in the answer; empty when it has none; None when the
            recording does not have the answer's content.
    """

    place: str
    at: float
    seconds: float | None
    method: str
    url: str = field(repr=False)
    headers: tuple[tuple[str, str], ...] = field(repr=False)
    media_type: str
    body: bytes | None = field(repr=False)
    body_bytes: int | None
    cookies: tuple[str, ...] = field(repr=False)
    status: int | None
    answer_headers: tuple[tuple[str, str], ...] = field(repr=False)
    error_code: str | None = None

    @property
    def parts(self) -> SplitResult:
        """The parts of its URL; all empty when it cannot be read."""
        try:
            return urlsplit(self.url)
        except ValueError:
            return urlsplit("")

    def header(self, name: str) -> str | None:
        """Return the value of a header of the call; None when it has none of this name."""
        return dict(self.headers).get(name)

    def answer_header(self, name: str) -> str | None:
        """Return the value of a header of the answer; None when it has none of this name."""
        return dict(self.answer_headers).get(name)


def har_entry(path: str, number: int, entry: Mapping[str, Any]) -> HarEntry:
    """Return an entry's parts.

    Args:
        path: the file, for the error.
        number: its place in the file, counted from 1.
        entry: the entry.

    Raises:
        BrokenDocumentError: it lacks what nothing can be told without: a request with method and
            URL, and when it was made.
    """
    place = f"entry {number}"
    request, response = _object(entry, "request"), _object(entry, "response")
    method, url, at = request.get("method"), request.get("url"), _instant(entry)
    wrong = {
        "request.method": isinstance(method, str) and method,
        "request.url": isinstance(url, str) and url,
        "startedDateTime": at is not None,
    }
    for name, is_there in wrong.items():
        if not is_there:
            raise BrokenDocumentError(path, f"{place} has no {name} that can be read")
    headers = tuple(_pairs(request, "headers"))
    body, body_bytes = _body(request, dict(headers))
    return HarEntry(
        place=place,
        at=at or 0.0,
        seconds=_seconds(entry),
        method=str(method).upper(),
        url=str(url),
        headers=headers,
        media_type=_text(_object(request, "postData"), "mimeType"),
        body=body,
        body_bytes=body_bytes,
        cookies=tuple(
            value for side in (request, response) for _, value in _pairs(side, "cookies")
        ),
        status=_whole(response, "status") if _whole(response, "status") in _STATUSES else None,
        answer_headers=tuple(_pairs(response, "headers")),
        error_code=_error_code(_object(response, "content")),
    )


def _error_code(content: Mapping[str, Any]) -> str | None:
    """Return the code in an answer's envelope (Q-ENV-1)."""
    if not (text := _text(content, "text")):
        return None
    try:
        envelope = exact_value(_decoded(text, content.get("encoding")) or b"")
    except ValueError:
        return ""
    match envelope:
        case {"meta": {"error": {"errorCode": str(code)}}}:
            return code
    return ""


def _body(
    request: Mapping[str, Any], headers: Mapping[str, str]
) -> tuple[bytes | None, int | None]:
    """Return the whole body, and its size; None for what is not known."""
    posted = _object(request, "postData")
    size = _size(request, headers)
    text = posted.get("text")
    if not isinstance(text, str):
        return (b"", 0) if size == 0 else (None, size)
    if not text and (size or posted.get("params")):  # the writer has left it out
        return None, size
    body = _decoded(text, posted.get("encoding"))
    if body is None or (size is not None and len(body) < size and not _is_whole(body)):
        return None, size
    return body, max(len(body), size or 0)


def _decoded(text: str, encoding: object) -> bytes | None:
    if encoding != "base64":
        return as_sent(text)
    try:
        return base64.b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError):
        return None


def as_sent(text: str) -> bytes:
    """Return the bytes that a text of a recording stands for, also where it has half surrogates."""
    try:
        # Python's proxies write a byte that is no UTF-8 as half a surrogate.
        return text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return text.encode("utf-8", "surrogatepass")


def _is_whole(body: bytes) -> bool:
    # Some writers count the headers too, so a size alone does not say that the body is cut.
    return body.rstrip().endswith((b"}", b"]"))


def _size(request: Mapping[str, Any], headers: Mapping[str, str]) -> int | None:
    length = headers.get("content-length", "")
    if length.isascii() and length.isdigit() and len(length) < len("1000000000000"):
        return int(length)
    size = _whole(request, "bodySize")
    return size if size > 0 else None


def _instant(entry: Mapping[str, Any]) -> float | None:
    try:
        instant = datetime.fromisoformat(_text(entry, "startedDateTime"))
        return (instant if instant.tzinfo else instant.replace(tzinfo=UTC)).timestamp()
    except (ValueError, OverflowError):
        return None


def _seconds(entry: Mapping[str, Any]) -> float | None:
    milliseconds: Any = entry.get("time")
    if not isinstance(milliseconds, int | float) or isinstance(milliseconds, bool):
        return None
    return milliseconds / 1000 if 0 <= milliseconds <= _LARGEST else None


def _pairs(side: Mapping[str, Any], name: str) -> Iterator[tuple[str, str]]:
    listed = side.get(name)
    for pair in listed if isinstance(listed, list) else ():
        match pair:
            case {"name": str(key), "value": str(value)} if not key.startswith(":"):
                yield key.lower(), value


def _object(owner: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = owner.get(name)
    return value if isinstance(value, dict) else {}


def _text(owner: Mapping[str, Any], name: str) -> str:
    value = owner.get(name)
    return value if isinstance(value, str) else ""


def _whole(owner: Mapping[str, Any], name: str) -> int:
    value = owner.get(name)
    # A whole number of JSON may be larger than any float; NaN is in no range.
    if isinstance(value, int | float) and -_LARGEST <= value <= _LARGEST:
        return int(value)
    return -1

"""Delivers with Python's own urllib: one message after another, none of them over a redirect."""

import os
import sys
import time
from http.client import HTTPException
from urllib.error import HTTPError
from urllib.request import HTTPRedirectHandler, Request, build_opener

HEADERS = {"Content-Type": "application/json", "X-API-TOKEN": os.environ["QUALTRICS_API_TOKEN"]}


class NoRedirects(HTTPRedirectHandler):
    redirect_request = lambda *_: None  # noqa: E731


def post(body, trace_id):
    request = Request(os.environ["QUALTRICS_URL"], body, {**HEADERS, "X-Trace-Id": trace_id})
    try:
        with build_opener(NoRedirects).open(request, timeout=10) as answer:
            return answer.status, None
    except HTTPError as error:
        return error.code, error.headers["Retry-After"]
    except (OSError, HTTPException):
        return 0, None


def deliver(body, trace_id):
    for attempt in range(7):
        status, retry_after = post(body, trace_id)
        if status not in {0, 403, 408, 409, 429, 500, 502, 503, 504}:
            break
        time.sleep(float(retry_after or 0.7 * 2**attempt))
    return sys.exit("the API token is refused") if status == 401 else 200 <= status < 300


with open(os.environ["MESSAGES"], "rb") as lines:  # noqa: PTH123
    delivered = [deliver(line.strip(), f"message-{number}") for number, line in enumerate(lines)]
sys.exit(not all(delivered))

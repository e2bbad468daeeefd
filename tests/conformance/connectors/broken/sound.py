"""What the broken connectors beside this file would be without their one bug: it passes itself."""

import http.client
import json
import os
import sys
import time
import uuid
from pathlib import Path
from urllib.parse import urlsplit

ACCEPTED = range(200, 300)
UNAUTHORIZED = 401
NO_ANSWER = 0  # in place of a status: a timeout, a reset
RETRIED = frozenset({NO_ANSWER, 403, 408, 409, 429, 500, 502, 503, 504})  # A-RTRY-1


def line_of(message):
    """Return a message in UTF-8, without blanks between its parts."""
    return json.dumps(message, ensure_ascii=False, separators=(",", ":")).encode()


class Connector:
    tries = 8
    timeout_seconds = 10.0
    first_wait_seconds = 0.6
    longest_wait_seconds = 2.4

    def __init__(self) -> None:
        self.url = os.environ["QUALTRICS_URL"]
        self.token = os.environ["QUALTRICS_API_TOKEN"]

    def run(self):
        """Deliver all messages; return the exit code."""
        delivered = [self.deliver(body) for body in self.bodies()]
        return 0 if all(delivered) else 1

    def bodies(self):
        """Return what is posted: each line of MESSAGES."""
        return Path(os.environ["MESSAGES"]).read_bytes().splitlines()

    def headers(self):
        trace_id = str(uuid.uuid4())
        return {
            "Content-Type": "application/json",
            "X-API-TOKEN": self.token,
            "X-Trace-Id": trace_id,
        }

    def deliver(self, body):
        """Post a message until it is accepted; return whether it was."""
        headers = self.headers()
        status, answered = self.post(body, headers)
        attempt = 0
        while self.is_retried(status, attempt):
            self.wait(attempt, answered)
            attempt += 1
            status, answered = self.post(body, headers)
        if status == UNAUTHORIZED:
            self.refused()
        return status in ACCEPTED

    def is_retried(self, status, attempt):
        return attempt + 1 < self.tries and status in RETRIED

    def refused(self):
        """End at once: no other message would be accepted with this token (Q-AUTH-4)."""
        sys.exit(1)

    def wait(self, attempt, answered):
        backoff = min(self.first_wait_seconds * 2**attempt, self.longest_wait_seconds)
        time.sleep(float(answered.get("retry-after", backoff)))

    def post(self, body, headers, url=None, method="POST"):
        """Return the status and the headers of the answer, in lower case."""
        parts = urlsplit(url or self.url)
        connection = http.client.HTTPConnection(parts.netloc, timeout=self.timeout_seconds)
        try:
            connection.request(method, f"{parts.path}?{parts.query}", body, headers)
            answer = connection.getresponse()
            found = {name.lower(): value for name, value in answer.getheaders()}
            self.read(answer)
        except (OSError, http.client.HTTPException) as error:
            self.lost(error)
            return NO_ANSWER, {}
        finally:
            connection.close()
        return answer.status, found

    def lost(self, error):
        """Take note that there is no answer: none in time, or a connection that broke."""

    def read(self, answer):
        """Read the answer's body; it is its status that counts."""


if __name__ == "__main__":
    sys.exit(Connector().run())

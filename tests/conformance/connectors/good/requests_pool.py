"""Delivers with requests: four messages at a time, sent again by urllib3's own Retry."""

import os
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import requests
from urllib3.util import Retry

URL, RETRIED = os.environ["QUALTRICS_URL"], [403, 408, 409, 429, 500, 502, 503, 504]
RETRY = Retry(7, allowed_methods=["POST"], status_forcelist=RETRIED, backoff_factor=0.6)
session = requests.Session()
session.mount("http://", requests.adapters.HTTPAdapter(max_retries=RETRY, pool_maxsize=4))
session.headers["X-API-TOKEN"] = os.environ["QUALTRICS_API_TOKEN"]
refused = []


def deliver(number, body):
    headers = {"Content-Type": "application/json", "X-Trace-Id": f"message-{number}"}
    try:
        answer = session.post(URL, body, headers=headers, timeout=10, allow_redirects=False)
    except requests.RequestException:
        return False
    if answer.status_code == 401:
        refused.append(number)
    return answer.status_code // 100 == 2


lines = Path(os.environ["MESSAGES"]).read_bytes().splitlines()
with ThreadPoolExecutor(4) as pool:
    tried = list(pool.map(lambda job: not refused and deliver(*job), enumerate(lines)))
    sys.exit(not all(tried))

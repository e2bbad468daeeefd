"""The answer's body is an HTML error page, as proxies and gateways send them.

It finds connectors that parse whatever comes, and crash.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from mock_qualtrics.faults.effects import FaultEffect, registered

PAGE = b"<!doctype html>\n<title>Error</title>\n<h1>The service is not available</h1>\n"


@registered("not-json", finds="a crash on an answer that is no JSON")
def not_json(_: Mapping[str, Any], effect: FaultEffect) -> FaultEffect:
    """Send a page under the status that the answer has anyway."""
    return replace(effect, replacement=("text/html; charset=utf-8", PAGE))

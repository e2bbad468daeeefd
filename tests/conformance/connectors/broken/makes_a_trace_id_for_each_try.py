"""Gives each try of a message a trace id of its own."""

import sys
import uuid

from sound import Connector


class Broken(Connector):
    def post(self, body, headers, url=None, method="POST"):
        return super().post(body, {**headers, "X-Trace-Id": str(uuid.uuid4())}, url, method)


sys.exit(Broken().run())

"""Takes 200 alone for a success, and sends what was answered 202 again."""

import sys

from sound import Connector


class Broken(Connector):
    tries = 2

    def post(self, body, headers, url=None, method="POST"):
        status, answered = super().post(body, headers, url, method)
        return (503 if status == 202 else status), answered


sys.exit(Broken().run())

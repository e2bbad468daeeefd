"""Takes 202 alone for a success, and gives up what was answered 200."""

import sys

from sound import Connector


class Broken(Connector):
    def post(self, body, headers, url=None, method="POST"):
        status, answered = super().post(body, headers, url, method)
        return (400 if status == 200 else status), answered


sys.exit(Broken().run())

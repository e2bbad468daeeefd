"""Takes any status below 400 for a success."""

import sys

from sound import Connector


class Broken(Connector):
    def post(self, body, headers, url=None, method="POST"):
        status, answered = super().post(body, headers, url, method)
        return (200 if 300 <= status < 400 else status), answered


sys.exit(Broken().run())

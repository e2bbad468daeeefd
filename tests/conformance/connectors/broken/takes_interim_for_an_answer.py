"""Takes 102 and 103 for a refusal: the answer itself is never read."""

import sys

from sound import Connector


class Broken(Connector):
    def post(self, body, headers, url=None, method="POST"):
        status, answered = super().post(body, headers, url, method)
        return (400 if 100 <= status < 200 else status), answered


sys.exit(Broken().run())

"""Keeps one parameter of the URL only: no URL of the older form works."""

import sys

from sound import Connector


class Broken(Connector):
    def __init__(self) -> None:
        super().__init__()
        self.url = self.url.partition("&")[0]


sys.exit(Broken().run())

"""Wants a body in each answer, and sends the message again when there is none."""

import sys

from sound import Connector


class Broken(Connector):
    def read(self, answer):
        if answer.status == 202 and not answer.read():
            raise OSError("no body")


sys.exit(Broken().run())

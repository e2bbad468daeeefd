"""Ends with an error at an answer that is shorter than it says."""

import sys

from sound import Connector


class Broken(Connector):
    def read(self, answer):
        length = answer.length
        if length and len(answer.read(length)) < length:
            sys.exit("the answer is not whole")


sys.exit(Broken().run())

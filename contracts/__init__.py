"""What crosses the wire between the sender and Qualtrics, and the judge of it."""

__version__ = "0.1.0"

"""What the calls of a run were like: three clocks, histograms, counts over time. Pure."""

from loadtests.measuring.call import NO_ANSWER, Call
from loadtests.measuring.call_tally import Tally
from loadtests.measuring.measurements import Measurements
from loadtests.measuring.spans import Spans
from loadtests.measuring.timeline import Bin, Timeline

__all__ = ["NO_ANSWER", "Bin", "Call", "Measurements", "Spans", "Tally", "Timeline"]

"""What the calls of a run were like: three clocks, histograms, counts over time. Pure."""

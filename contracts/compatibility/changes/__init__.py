"""What a change of a dataflow, of workflows or of a message's schema breaks, and for whom."""

"""What is asked about calls: lists by filter, and one call with all that is kept of it."""

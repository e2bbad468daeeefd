"""Finding runs: lists by filter and text, neighbours, error groups, deliveries of one message."""

"""When the next message is sent, and what follows from the outcome of an attempt."""

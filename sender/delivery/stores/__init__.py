"""What delivery asks of the stores of its messages, as protocols."""

"""What is declared of a connector beforehand: what it does not claim, and what is known to fail."""

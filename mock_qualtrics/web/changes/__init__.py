"""What changed since a caller last looked: positions, and the events that tell it."""

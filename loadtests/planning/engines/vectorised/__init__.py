"""What the fast engines are made of: the same simulation, many calls at once. Needs numpy."""

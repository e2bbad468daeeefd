"""What the fast engine for many seeds is made of: each call of all seeds at once. Needs numpy."""

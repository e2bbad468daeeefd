"""A soak: a mock under mixed faults for minutes, and whether anything of it grows or is lost."""

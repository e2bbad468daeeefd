"""Tells what a source holds by its content, and reads JSON that is not one profile a line."""

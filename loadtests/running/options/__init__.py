"""What is asked of a run: options beside Locust's own, and variables."""

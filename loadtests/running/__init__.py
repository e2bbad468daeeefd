"""A run in real time inside Locust: an open model, in one process or many."""

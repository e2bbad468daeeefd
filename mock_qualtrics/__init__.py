"""Qualtrics' side: a JSON Event endpoint, its workflows, and their Run history."""

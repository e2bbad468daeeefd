"""Calls that the Flask app answers: a thread only while it does, and none while a call waits."""

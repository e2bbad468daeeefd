"""Runs: what an accepted call starts, and executing it when it is due."""

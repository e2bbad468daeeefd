"""Workloads for both sides, in real time and in virtual time."""

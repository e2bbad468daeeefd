"""Runs somebody's connector against a mock, scenario by scenario, and judges what arrived."""

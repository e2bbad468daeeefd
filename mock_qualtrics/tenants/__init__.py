"""Tenants and their workflows: validated settings, state and lookup."""

"""Tenants and their workflows: settings documents in, state out."""

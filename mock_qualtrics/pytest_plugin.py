"""The pytest plugin: a tenant of one's own in every test that asks for ``qualtrics``."""

"""Clocks of tenants that are moved: from one due moment to the next, executing what is due."""

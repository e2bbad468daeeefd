"""Read one event: strict JSON, JSONPaths, conditions, field piping; make a sample. Pure."""

"""Read one event: strict JSON, JSONPath with bounded work, conditions, field piping. Pure."""

"""Whether a call is admitted, and the shape of every answer. Pure."""

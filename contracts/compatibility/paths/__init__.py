"""JSONPaths and comparisons over values of which only the shape is known (Q-BODY-2)."""

"""Read what older versions of the store hold, for migrations that take more than a statement."""

"""At what rate calls are made: as fast as possible, at a limit that adapts, or as offered. Pure."""

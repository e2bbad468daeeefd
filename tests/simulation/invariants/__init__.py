"""What must hold in every simulation, one small function each, and the watch that checks it."""

from simulation.invariants.watch import Watch

__all__ = ["Watch"]

"""The screenshots of the README, and how they are taken."""

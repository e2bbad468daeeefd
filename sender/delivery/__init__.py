"""When the next call goes, and what follows from its outcome."""

"""What an accepted call starts, and doing it when it is due."""

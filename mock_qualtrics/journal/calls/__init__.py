"""What is asked about calls, by filter or one by one, and about runs with their calls."""

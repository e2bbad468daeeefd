"""What one process of a run sends, and when: its share of the arrivals, and their retries."""

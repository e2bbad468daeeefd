"""What a profile that is not exported has in place of what was expected. Pure."""

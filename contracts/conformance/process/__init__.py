"""The connector's process: started, watched, bounded, ended with its children."""

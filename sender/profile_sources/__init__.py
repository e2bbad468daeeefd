"""Readers of the file formats that hold profiles, one module each; used through sender.profiles."""

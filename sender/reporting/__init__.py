"""A run in Adobe's terms: report, page, log, progress."""

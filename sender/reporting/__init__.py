"""Reporting a dataflow run in Adobe's terms: report, page, log and progress bar."""

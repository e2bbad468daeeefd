"""Reports of verdicts for people, CI systems and programs.

:mod:`contracts.reports.options` is what a command uses. :mod:`contracts.reports.run_report` makes
one value of a run, with secrets hidden and sizes bounded; each format is a function of it.
"""

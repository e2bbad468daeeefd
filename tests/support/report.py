"""A report in which every count stands for something."""

import datetime as dt

from sender.reporting.report import Exclusions, Failures, Report

START = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
REPORT = Report(
    START,
    1.5,
    "Processing",
    10,
    activated=4,
    failed=2,
    uncertain=1,
    pending=1,
    uncertain_attempts=3,
    exclusions=(Exclusions("hashed e-mail", 2),),
    failures=(Failures("<b>", 2, "<script>"),),
    broken_rows=1,
    taken_over=5,
    failed_before=9,
)

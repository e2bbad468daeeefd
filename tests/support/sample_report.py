"""A run whose texts are as hostile as somebody else's can be, for tests of reports."""

from datetime import UTC, datetime

from contracts.reports.run_report import RunReport, run_report
from contracts.verdicts import Outcome, Verdict, Verdicts

TOKEN = "A1b2C3d4E5" * 4
HOSTILE = (
    "a|b <i>x</i> &amp; ]]> \x1b[2J\x00\x08 \ufffe\uffff \udc80 `c` **b** _u_ [l](http://x) $.a "
    f"dave@example.com token={TOKEN} Basic ZGF2ZTpQTEFDRUhPTERFUg== \u202e\U0001f600 "
    "{{ 7 * 7 }} {% endfor %} </section><script>alert(1)</script>"
)
PASSED = Verdict(
    "happy-path", Outcome.PASSED, purpose="All is delivered.", seconds=1.25, facts=("Q-LIM-1",)
)
FAILED = Verdict(
    "retries",
    Outcome.FAILED,
    ("expected 3 calls, the journal shows 1", HOSTILE, "two\nlines"),
    ("Q-LIM-2", "A-RTRY-1"),
    "After a 429 it is sent again.",
    0.5,
    folder="kept/retries",
)
KNOWN = Verdict("known", Outcome.FAILED, ("it is lost",), is_known=True)
SKIPPED = Verdict("mapping", Outcome.SKIPPED, ("not claimed: mapping",))
ERROR = Verdict("broken", Outcome.ERROR, ("the mock ended",))
ALL = (PASSED, FAILED, KNOWN, SKIPPED, ERROR)


def sample_report(
    *verdicts: Verdict,
    ended_by: str = "",
    subject: str = "./connector",
    tool: str = "conformance",
) -> RunReport:
    started = datetime(2026, 1, 1, tzinfo=UTC)
    return run_report(tool, Verdicts(subject, verdicts), started, 12.5, ended_by)

"""A run as JUnit XML, in the form that Jenkins, GitLab, GitHub's reporters and Surefire share.

Readers differ: some fail on a ``testsuites`` without attributes or a case without ``classname`` or
``time``; GitLab shows the class as the suite, and takes the text of a failure; others show its
message alone, so both say what the case tries; the schema of Jenkins knows neither ``skipped`` on
``testsuites`` nor properties or a file of a case. So every attribute that all admit is there, and
nothing else.
"""

from collections import Counter
from collections.abc import Iterable
from typing import Final
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from contracts import __version__
from contracts.reports.run_report import RunReport, lines_of, purpose_and_reasons
from contracts.verdicts import Outcome, Verdict

_TAGS: Final = {
    Outcome.FAILED: "failure",
    Outcome.ERROR: "error",
    Outcome.SKIPPED: "skipped",
}


def junit_xml(report: RunReport) -> bytes:
    """Return the run as one test suite, with a test case for each case, in UTF-8."""
    cases = report.cases_for_ci
    root = Element("testsuites", _counted(report, cases))
    suite = SubElement(root, "testsuite", _counted(report, cases))
    suite.set("skipped", str(_counts(cases)[Outcome.SKIPPED]))
    suite.set("timestamp", report.started.strftime("%Y-%m-%dT%H:%M:%S"))
    _add_properties(suite, report)
    for case in cases:
        _add_case(suite, report, case)
    indent(root)
    text: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return text + b"\n"


def _counted(report: RunReport, cases: Iterable[Verdict]) -> dict[str, str]:
    counts = _counts(cases)
    return {
        "name": report.title,
        "tests": str(counts.total()),
        "failures": str(counts[Outcome.FAILED]),
        "errors": str(counts[Outcome.ERROR]),
        "time": _seconds(report.seconds),
    }


def _counts(cases: Iterable[Verdict]) -> Counter[Outcome]:
    return Counter(case.outcome for case in cases)


def _seconds(seconds: float) -> str:
    return f"{max(0.0, seconds):.3f}"


def _add_properties(suite: Element, report: RunReport) -> None:
    properties = SubElement(suite, "properties")
    values = {
        "subject": report.subject,
        "version": __version__,
        "possible": report.possible,
        "claimed": report.claimed,
        "earned": report.earned,
        "leftOut": report.left_out,
    }
    for name, value in values.items():
        SubElement(properties, "property", name=name, value=str(value))


def _add_case(suite: Element, report: RunReport, case: Verdict) -> None:
    attributes = {
        "classname": report.title,
        "name": case.name,
        "time": _seconds(case.seconds),
    }
    element = SubElement(suite, "testcase", attributes)
    tag = _TAGS.get(case.outcome)
    if tag is None:
        return
    result = SubElement(element, tag, message=purpose_and_reasons(case))
    if tag != "skipped":  # of which Surefire's schema knows no type
        result.set("type", case.outcome.value)
    result.text = "\n".join(lines_of(case))

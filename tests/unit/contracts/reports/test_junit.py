"""JUnit XML, as its readers demand it.

The tables below are what the schemas of Jenkins' xunit plugin (junit-10) and of Surefire (3.0) have
in common: an element's attributes, those that it must have, and its children. Only the timestamp of
a suite is not in Surefire's.
"""

import re
from typing import NamedTuple
from xml.etree.ElementTree import Element, fromstring

import pytest

from contracts.reports.junit import junit_xml
from contracts.reports.run_report import RunReport
from contracts.verdicts import Outcome, Verdict
from support.sample_report import ALL, FAILED, HOSTILE, KNOWN, PASSED, SKIPPED, sample_report


class Form(NamedTuple):
    may_have: set[str]
    must_have: set[str]
    children: set[str]


COUNTS = {"name", "tests", "failures", "errors", "time"}
RESULT = {"skipped", "error", "failure"}
FORMS = {
    "testsuites": Form(COUNTS, COUNTS, {"testsuite"}),
    "testsuite": Form(
        COUNTS | {"skipped", "timestamp"}, COUNTS | {"skipped"}, {"properties", "testcase"}
    ),
    "properties": Form(set(), set(), {"property"}),
    "property": Form({"name", "value"}, {"name", "value"}, set()),
    "testcase": Form({"name", "time", "classname"}, {"name", "time", "classname"}, RESULT),
    "failure": Form({"type", "message"}, {"type"}, set()),
    "error": Form({"type", "message"}, {"type"}, set()),
    "skipped": Form({"message"}, set(), set()),
}
TAGS = {Outcome.FAILED: "failure", Outcome.ERROR: "error"}
TIME = re.compile(r"\d+\.\d{3}")


def check(element: Element) -> None:
    form = FORMS[element.tag]
    assert form.must_have <= set(element.attrib) <= form.may_have, element.tag
    assert TIME.fullmatch(element.get("time", "0.000"))
    assert {child.tag for child in element} <= form.children
    assert [child.tag for child in element] == sorted(child.tag for child in element)
    for child in element:
        check(child)


@pytest.mark.parametrize(
    "report",
    [
        sample_report(),
        sample_report(*ALL),
        sample_report(*ALL, ended_by=HOSTILE, subject=HOSTILE),
        sample_report(Verdict(HOSTILE, Outcome.FAILED, (), (HOSTILE,), HOSTILE, -1.0)),
    ],
)
def test_every_report_has_the_form_that_the_schemas_share(report: RunReport):
    root = fromstring(junit_xml(report))
    assert root.tag == "testsuites"
    check(root)
    cases = list(root.iter("testcase"))
    for counted in (root, root[0]):
        assert counted.get("tests") == str(len(cases))
        for attribute, tag in (("failures", "failure"), ("errors", "error")):
            assert counted.get(attribute) == str(len(list(root.iter(tag))))
    assert root[0].get("skipped") == str(len(list(root.iter("skipped"))))


def test_names_are_unique_within_their_class_for_gitlab_drops_the_second():
    root = fromstring(junit_xml(sample_report(*ALL, ended_by="interrupted")))
    keys = [(case.get("classname"), case.get("name")) for case in root.iter("testcase")]
    assert len(set(keys)) == len(keys) == 6


def test_a_failure_has_all_its_reasons_in_its_text_which_gitlab_shows():
    (failure,) = fromstring(junit_xml(sample_report(FAILED))).iter("failure")
    assert (failure.text or "").startswith("After a 429 it is sent again.\n- expected 3 calls")
    assert "Facts: Q-LIM-2, A-RTRY-1\nTo replay it: qualtrics-contracts replay kept/retries" in (
        failure.text or ""
    )
    assert "\n" not in failure.get("message", "")


@pytest.mark.parametrize("outcome", [Outcome.FAILED, Outcome.ERROR])
def test_a_message_says_what_the_case_tries_for_readers_that_show_nothing_else(outcome: Outcome):
    case = Verdict("retries", outcome, ("it is lost",), purpose="It is sent again.")
    (result,) = fromstring(junit_xml(sample_report(case))).iter(TAGS[outcome])
    assert result.get("message", "").startswith("It is sent again. ")
    assert result.get("message", "").endswith(": it is lost")


def test_a_skipped_case_says_why_in_its_text_too_and_a_passed_one_is_empty():
    cases = list(fromstring(junit_xml(sample_report(SKIPPED, KNOWN, PASSED))).iter("testcase"))
    assert [case[0].text for case in cases[:2]] == [
        "- not claimed: mapping",
        "- listed as known to fail\n- it is lost",
    ]
    assert len(cases[2]) == 0
    assert cases[2].get("time") == "1.250"

"""What a load test came to: as a page, as JSON, as JUnit, and in the terminal."""

from loadtests.report.load_result import LoadResult, ShareOfRun
from loadtests.report.result_json import result_json
from loadtests.report.result_junit import result_junit
from loadtests.report.result_page import result_page
from loadtests.report.result_table import result_table

__all__ = ["LoadResult", "ShareOfRun", "result_json", "result_junit", "result_page", "result_table"]

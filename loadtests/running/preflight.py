"""What is looked at before anything is sent: whose target it is, and whether a mock answers."""

import os
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit, urlunsplit

from contracts.addresses import is_server_url, shown_address
from contracts.control_client import Document
from contracts.control_explanations import explanation
from contracts.errors import ControlError, UnwritableReportError
from contracts.reports.files import check_kept, check_writable
from loadtests.reconciling import Mock, TargetError, find_mock
from loadtests.running.options.endpoint import endpoint_of, refuse_others
from loadtests.running.options.run_options import Options, OptionsError
from loadtests.running.sending.messages import Messages
from loadtests.workloads import WorkloadError

_CONTROL_TOKEN: Final = "MOCK_QUALTRICS_CONTROL_TOKEN"  # noqa: S105  its name


@dataclass(frozen=True, slots=True)
class Target:
    """What is loaded.

    Attributes:
        url: the trigger URL; never shown.
        mock: the mock that it belongs to; None: it is another server.
    """

    url: str
    mock: Mock | None

    @property
    def host(self) -> str:
        """The server's address, without path and query, and without a password."""
        parts = urlsplit(self.url)
        return shown_address(urlunsplit((parts.scheme, parts.netloc, "", "", "")))

    def totals(self) -> Document | None:
        """Return the totals of the mock's tenant; None: it is no mock.

        Raises:
            OptionsError: the mock has gone, or its tenant has.
        """
        if self.mock is None:
            return None
        try:
            return self.mock.control.totals(self.mock.tenant_id)
        except ControlError as error:
            why = explanation(error, has_token=True, takes_file=False)
            raise OptionsError(f"{self.host}: {why}: does the mock still run?") from error

    def check(self, options: Options) -> None:
        """Look whether what is asked for can be found out.

        Raises:
            OptionsError: a threshold is about runs, which no journal tells of.
        """
        needing = [each.text for each in options.thresholds if each.needs_journal]
        if needing and self.mock is None:
            raise OptionsError(
                f"--threshold {needing[0]}: found a target that is no mock, expected one whose "
                "journal tells of runs; --control-url says where it is"
            )


def looked_up(options: Options) -> Target:
    """Return the target, once it is known that it may be loaded, and that something answers.

    Raises:
        OptionsError: it may not, nothing does, what does is no destination, or a report could not
            be written in the end, or no message can be made.
    """
    refuse_unwritable_reports(options)
    _refuse_excluded(options)
    url = endpoint_of(options.policy).url
    refuse_others(url, owns_target=options.owns_target)
    if options.control_url is not None and not is_server_url(options.control_url):
        raise OptionsError("--control-url: found no URL, expected a mock's (http://HOST:PORT)")
    try:
        mock = find_mock(url, options.control_url, os.environ.get(_CONTROL_TOKEN))
    except TargetError as error:
        raise OptionsError(str(error)) from None
    target = Target(url, mock)
    target.check(options)
    return target


def _refuse_excluded(options: Options) -> None:
    try:
        Messages(options.mapping, options.workload.seed)
    except WorkloadError as error:
        raise OptionsError(f"{options.dataflow}: {error}") from None


def refuse_unwritable_reports(options: Options) -> None:
    """Check the paths of reports now; otherwise an error would appear only after sending.

    Raises:
        OptionsError: one cannot be written, or would take the place of a file that is read.
    """
    reports = options.reports
    try:
        check_writable(reports)
        check_kept(reports, options.files_read)
    except UnwritableReportError as error:
        raise OptionsError(str(error)) from None

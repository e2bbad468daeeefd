"""The options of ``plan`` that say whose messages are sent, and counting those messages."""

import contextlib
import functools
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import click
from click.core import ParameterSource

from contracts.counts import counted
from contracts.option_numbers import AnyInteger
from contracts.option_values import collected
from loadtests.commands.plan_options import Messages
from loadtests.commands.plan_results import Reading
from loadtests.commands.working import working
from loadtests.planning.sources import CountedProfiles, counted_profiles
from sender.clock import RealClock
from sender.commands.shared import common_options, errors_and_exit
from sender.commands.shared.selection import Choice, Selection
from sender.dataflow import Dataflow
from sender.errors import ConfigurationError
from sender.outbox import Outbox
from sender.profiles import ALLOW_MISSING_COLUMNS, DELIMITERS, FORMATS, EarlierExports

_EITHER: Final = "expected --profiles N, or --dataflow FILE and PROFILES"


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfileOptions:
    """The values of the options.

    Attributes:
        count: how many profiles, when no file is read.
        dataflow_path: the dataflow's file.
        url: in place of the dataflow's.
        files: the profiles files.
        outbox_path: what earlier exports have stored; None: it is a first activation.
        where: only members of this audience.
        format_name: the format of all files.
        delimiter: what stands between the cells of CSVs.
        allow_missing_columns: whether the files may lack mapped fields.
    """

    count: int | None = None
    dataflow_path: str | None = None
    url: str | None = None
    files: tuple[str, ...] = ()
    outbox_path: str | None = None
    where: str | None = None
    format_name: str | None = None
    delimiter: str | None = None
    allow_missing_columns: bool = False

    def check(self) -> None:
        """Check that they do not contradict each other.

        Raises:
            click.UsageError: they do.
        """
        if self.count is not None:
            self._check_no_files()
        elif not self.files and self.dataflow_path is None:
            raise click.UsageError(f"no profiles: {_EITHER}")
        elif not self.files:
            raise click.UsageError(f"--dataflow without PROFILES: {_EITHER}")
        elif self.dataflow_path is None:
            raise click.UsageError(f"PROFILES {self.files[0]!r} without --dataflow: {_EITHER}")

    def read(self) -> list[str]:
        """Return the files that are read."""
        named = (*self.files, self.dataflow_path, self.outbox_path)
        return [path for path in named if path is not None]

    def supposed(self) -> Messages:
        """Return what is exported as far as nothing was read: the options are judged by it."""
        return Messages(profiles=1 if self.count is None else self.count)

    def _check_no_files(self) -> None:
        of_files = {
            "PROFILES": self.files,
            "--dataflow": self.dataflow_path,
            "--outbox": self.outbox_path,
            "--where": self.where,
            "--format": self.format_name,
            "--delimiter": self.delimiter,
            ALLOW_MISSING_COLUMNS: self.allow_missing_columns,
            "--url": self.url is not None and _is_typed("url"),
        }
        for name, value in of_files.items():
            if value:
                raise click.UsageError(
                    f"--profiles with {name}: a number of profiles has no files; {_EITHER}"
                )


def _is_typed(name: str) -> bool:
    """Return whether an option was typed in: the environment's value is for other commands too."""
    context = click.get_current_context(silent=True)
    return context is not None and context.get_parameter_source(name) is ParameterSource.COMMANDLINE


def messages_of(options: ProfileOptions) -> tuple[Messages, Reading]:
    """Return what is exported, reading the files if there are any.

    Raises:
        ConfigurationError: a file cannot be used, or ends in the middle.
    """
    if options.count is not None:
        return Messages(profiles=options.count), Reading(profiles=options.count)
    dataflow = common_options.load_dataflow(str(options.dataflow_path), options.url, None)
    with _outbox(options.outbox_path) as outbox:
        counts = _counted(options, dataflow, outbox)
        pending = outbox.messages.unfinished() if outbox else 0
    for row in counts.broken_rows:
        errors_and_exit.tell(f"broken row: {row}")
    if not counts.profiles:
        raise ConfigurationError(
            f"{', '.join(options.files)}: found no profile, expected at least one; nothing was "
            "computed"
        )
    reading = Reading(
        profiles=counts.profiles,
        broken=counts.broken,
        pending=pending,
        restates=dataflow.when_to_activate.attribute_changes and bool(dataflow.attributes),
    )
    messages = Messages(
        profiles=counts.messages, excluded=counts.excluded, oversized=counts.oversized
    )
    return messages, reading


def _counted(options: ProfileOptions, dataflow: Dataflow, outbox: Outbox | None) -> CountedProfiles:
    choice = Choice(
        where=options.where,
        format_name=options.format_name,
        delimiter=options.delimiter,
        allow_missing_columns=options.allow_missing_columns,
    )
    selection = Selection(
        options.files, dataflow, choice, earlier=functools.partial(_earlier, outbox)
    )
    for warning in selection.source.warnings:
        errors_and_exit.tell(f"warning: {warning}")
    rows = 0

    def note(read: int) -> None:
        nonlocal rows
        rows = read

    with working(lambda: f"reading profiles: {counted(rows, 'row')}"):
        return counted_profiles(selection, dataflow, RealClock().now(), outbox, note)


@contextlib.contextmanager
def _outbox(path: str | None) -> Iterator[Outbox | None]:
    if path is None:
        yield None
        return
    with Outbox(common_options.existing_outbox(path), writable=False) as outbox:
        yield outbox


def _earlier(outbox: Outbox | None) -> EarlierExports:
    if outbox is None:
        return EarlierExports()
    return EarlierExports(outbox.exported.audiences_with_members(), outbox.exported.fields())


_OPTIONS = (
    click.argument("files", metavar="[PROFILES]...", nargs=-1),
    click.option(
        "--profiles",
        "count",
        type=AnyInteger(),
        metavar="N",
        help="How many profiles are exported, when no file is read; their sizes are not known.",
    ),
    click.option(
        "--dataflow",
        "dataflow_path",
        metavar="FILE.toml",
        help="The mapping that says which of PROFILES are exported, and as what.",
    ),
    click.option(
        "--outbox",
        "outbox_path",
        metavar="FILE",
        help="What earlier exports have sent; it is only read. Without it this is a first "
        "activation.",
    ),
    click.option(
        "--url",
        envvar="QUALTRICS_URL",
        show_envvar=True,
        help="Takes the place of the dataflow's: another URL is another destination.",
    ),
    click.option("--where", metavar="AUDIENCE_ID", help="Only members of this mapped audience."),
    click.option(
        "--delimiter",
        type=click.Choice(list(DELIMITERS)),
        help="What stands between the cells of CSVs; by default commas.",
    ),
    click.option(
        "--format",
        "format_name",
        type=click.Choice(FORMATS),
        help="The format of PROFILES; by default by their suffix, and JSON lines for -.",
    ),
    click.option(
        ALLOW_MISSING_COLUMNS,
        "allow_missing_columns",
        is_flag=True,
        default=False,
        help="Take PROFILES that lack mapped fields.",
    ),
)
profile_options = collected(ProfileOptions, "sources", _OPTIONS)
"""Add the options; the command receives them as the argument ``sources``."""

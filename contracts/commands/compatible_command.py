"""``qualtrics-contracts compatible``: whether a dataflow's messages feed the workflows."""

import json
import sys
from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from contracts.reports.options import report_options
from contracts.reports.reporter import Reporter
from contracts.tables import Column, print_rows
from contracts.terminal import printable
from contracts.verdicts import EXIT_FAILED, EXIT_NO_VERDICT, EXIT_WELL, Outcome, Verdict, own_names

if TYPE_CHECKING:
    from contracts.compatibility.findings import Finding

EXAMPLE = (
    "Example: qualtrics-contracts compatible --dataflow dataflow.toml --workflows workflows.toml"
)


@click.command("compatible", epilog=EXAMPLE)
@click.option("--dataflow", metavar="FILE.toml", required=True, help="The mapping.")
@click.option("--workflows", metavar="FILE.toml", required=True, help="What reads the messages.")
@click.option(
    "--profiles",
    metavar="FILES",
    multiple=True,
    help="Judge the messages of these profiles (.jsonl, .ndjson, .json, or - for standard input), "
    "in place of all that the mapping can make. CSV and Parquet are not read.",
)
@click.option("--strict", is_flag=True, help="Fail on what is fed only sometimes, too.")
@click.argument("more_profiles", metavar="", nargs=-1)
@report_options
def compatible_command(
    dataflow: str,
    workflows: str,
    profiles: tuple[str, ...],
    more_profiles: tuple[str, ...],
    *,
    strict: bool,
    reporter: Reporter,
) -> None:
    """Say whether a mapping always, sometimes or never feeds what workflows read, and why.

    Judged are each workflow's JSONPath fields, its conditions, and the fields that its tasks'
    settings pipe. "always" needs a proof: `always_present = true` at the attribute in the dataflow,
    or a value in every row of --profiles. No mock and no account is needed. Exit code: 0 all is
    fed, or sometimes (a warning, unless --strict); 1 what a condition or a task's setting needs is
    never fed; 2 wrong usage or a broken file; 3 interrupted; 5 a report could not be written.
    """
    from contracts.commands.mapping_files import (  # noqa: PLC0415  --help reads no files
        WrongInputError,
        read_dataflow,
        read_rows,
        read_workflows,
        refuse_standard_input_twice,
    )
    from contracts.compatibility.messages.mapped_dataflow import (  # noqa: PLC0415  as above
        MappedDataflow,
    )
    from contracts.compatibility.whole_file import judge  # noqa: PLC0415  as above

    if more_profiles and not profiles:
        raise click.UsageError(f"found {more_profiles[0]!r}; expected --profiles before files")
    refuse_standard_input_twice(dataflow, workflows, *profiles, *more_profiles)
    flow = MappedDataflow.from_mapping(read_dataflow(dataflow))
    tables = read_workflows(workflows)
    files = (*profiles, *more_profiles)
    with reporter.run("compatible", f"{dataflow} {workflows}", cases_key=None) as collected:
        findings, rows = judge(flow, tables, read_rows(files) if files else None)
        if files and not rows:
            raise WrongInputError(
                [f"{', '.join(files)}: no row has an identity that is exported; expected one"]
            )
        collected.add(*verdicts_of(findings, strict=strict))
        failed = sum(finding.fails(strict=strict) for finding in findings)
        if reporter.as_json:
            shown = {
                "compatible": not failed,
                "rows": rows if files else None,
                "counts": dict(Counter(finding.verdict.value for finding in findings)),
                "findings": [finding.to_mapping() for finding in findings],
            }
            click.echo(json.dumps(shown, indent=2))
        else:
            _print(findings)
        click.echo(_summary(findings, failed), err=True)
    written = EXIT_WELL if reporter.all_written else EXIT_NO_VERDICT
    sys.exit(EXIT_FAILED if failed else written)


def verdicts_of(findings: Sequence["Finding"], *, strict: bool) -> list[Verdict]:
    """Return a verdict for each finding, under a name of its own."""
    names = own_names(f"{finding.workflow}: {finding.subject}" for finding in findings)
    return [
        _verdict(finding, name, failed=finding.fails(strict=strict))
        for finding, name in zip(findings, names, strict=True)
    ]


def _verdict(finding: "Finding", name: str, *, failed: bool) -> Verdict:
    outcome = Outcome.FAILED if failed else Outcome.PASSED
    reasons = (finding.sentence,) if failed else ()
    return Verdict(name, outcome, reasons, purpose=finding.sentence)


def _print(findings: Sequence["Finding"]) -> None:
    columns = (
        Column("Fed", whole=True),
        Column("Means", whole=True),
        Column("Workflow"),
        Column("What"),
        Column("Why"),
    )
    rows = [(f.verdict, f.severity, f.workflow, f.subject, f.explained) for f in findings]
    print_rows(columns, [tuple(map(printable, row)) for row in rows])


def _summary(findings: Sequence["Finding"], failed: int) -> str:
    if not findings:
        return "compatible: nothing was judged, for no workflow reads anything of an event"
    counts = Counter(finding.verdict.value for finding in findings)
    counted = ", ".join(f"{counts[word]} {word}" for word in ("always", "sometimes", "never"))
    warned = sum(finding.severity == "warning" for finding in findings)
    return f"compatible: {counted}; {failed} failed, {warned} warnings"

"""Reasons are told with the scenario's advice; a connector that passes is told nothing."""

from dataclasses import replace

from contracts.conformance.catalogue import catalogue
from contracts.conformance.judging import reasons
from contracts.conformance.recording import Ending, Recording

ADVISED = replace(catalogue()["nothing-to-send"], advice="decline it")


def test_a_failure_is_told_with_what_to_do_about_it():
    failed = Recording((), (), Ending(exit_code=1))
    assert reasons(ADVISED, failed)[-1] == "decline it"
    assert len(reasons(ADVISED, failed)) == 1 + len(reasons(replace(ADVISED, advice=""), failed))


def test_the_claims_that_may_be_declined_are_named_once_by_the_flag_of_the_face():
    needy = catalogue()["retried-403"]
    by_command = reasons(needy, Recording((), (), Ending(exit_code=1)))
    by_test = reasons(needy, Recording((), (), Ending(exit_code=1, how="returned False")))
    assert by_command[-1] == (
        "the connector may decline this: --without adobe-retries or --without retries"
    )
    assert by_test[-1] == by_command[-1].replace("--without", "--qualtrics-without")
    assert sum("decline" in reason for reason in by_command) == 1


def test_who_passes_needs_no_advice():
    assert reasons(ADVISED, Recording((), (), Ending(exit_code=0))) == ()

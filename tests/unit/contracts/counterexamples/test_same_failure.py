from contracts.conformance.catalogue import catalogue
from contracts.counterexamples import same_failure

INTERIM = catalogue()["interim-102"]

LOST = "9 of 10 messages started no run; the first is that of p***@e***.com, whose calls were …"
LOST_ONE = "1 of 1 messages started no run; the first is that of q***@e***.com, for which no call"
SOON = (
    "request f670f53c-d566-4cff-a211-e1327b096493 came 0.000 s after the refused call of the same "
    "message, expected at least 0.5 s"
)
LATER = SOON.replace("f670f53c", "00000000").replace("0.000", "0.031")


def kinds(reasons):
    return same_failure.kinds(INTERIM, reasons)


def test_numbers_ids_and_identities_are_no_part_of_a_kind():
    assert kinds([LOST]) == kinds([LOST_ONE])
    assert kinds([SOON]) == kinds([LATER])
    assert not kinds([LOST]) & kinds([SOON])


def test_what_the_connector_wrote_and_what_it_is_advised_are_no_kinds():
    advice = [INTERIM.advice, "the connector may decline this: --without retries"]
    assert kinds(["its output ended with: Traceback", *advice]) == frozenset()


def test_that_it_ended_well_is_a_kind_where_nothing_else_is_told():
    for ended in ("it ended with exit code 0", "it returned"):
        lost = f"{ended}, expected it to fail: not all was delivered; the first message …"
        assert kinds([lost, LOST]) == kinds([LOST])
        assert len(kinds([lost])) == 1
        assert not kinds([lost]) & kinds([f"{ended}, expected it to fail"])


def test_values_are_no_part_of_a_kind_and_places_are():
    first, *others = (
        f"the message of a***@e***.com was changed: $.x: expected {expected}, found nothing"
        for expected in ('"Zoë; \\"A\\""', '"***"', '""', '"a long text…', "false", "0", "-1e-7")
    )
    assert [kinds([other]) for other in others] == [kinds([first])] * len(others)
    assert kinds([first]) != kinds([first.replace("$.x", "$.y")])

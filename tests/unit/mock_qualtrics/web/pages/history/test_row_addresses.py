"""The addresses of a list's rows."""

from urllib.parse import urlencode

from mock_qualtrics.web.pages.history.row_addresses import RowAddresses


class List:
    """A list whose search text looks like the id of a run; counts what it is asked for."""

    def __init__(self) -> None:
        self.made = 0

    def url(self, endpoint="run_history", run_id=None, **changes: str | None) -> str:
        self.made += 1
        path = f"/{endpoint}" if run_id is None else f"/{endpoint}/{run_id}"
        given = {name: value for name, value in changes.items() if value is not None}
        return f"{path}?{urlencode({'q': 'RUN_ID', **given})}"

    def workflow_name(self, workflow_id) -> str:
        self.made += 1
        return f"name of {workflow_id}"


def test_each_run_has_its_own_addresses():
    addresses = RowAddresses(List(), "CURSOR")
    assert addresses.of_run("RUN_1") == "/run_details/RUN_1?q=RUN_ID"
    assert addresses.of_run("RUN_2") == "/run_details/RUN_2?q=RUN_ID"
    assert addresses.revealed("RUN_1") == "/run_history?q=RUN_ID&cursor=CURSOR&reveal=RUN_1"
    assert RowAddresses(List(), None).revealed("RUN_2") == "/run_history?q=RUN_ID&reveal=RUN_2"


def test_rows_of_one_workflow_share_its_address_and_name():
    shown = List()
    addresses = RowAddresses(shown, None)
    made = shown.made
    for _ in range(3):
        assert addresses.of_workflow("WF_1") == "/run_history?q=RUN_ID&workflow=WF_1"
        assert addresses.workflow_name("WF_1") == "name of WF_1"
        addresses.of_run("RUN_1")
    assert shown.made == made + 2

"""How many runs a workflow has in each state, counted up to a bound.

Nothing counts them as they come. The index `runs_by_state` has them side by side, so that counting
the first few hundred costs microseconds however many there are.
"""

from typing import Any

from sqlalchemy import Integer, ScalarSelect, Select, bindparam, func, literal_column, select

from mock_qualtrics.store.schema import State, runs


def run_counts() -> Select[Any]:
    """Return the query for the counts, a column for each state in order.

    Its parameters are ``workflow`` and ``most``, which each count is at most.
    """
    counts: Any = [_count(state) for state in State]
    return select(*counts)


def _count(state: State) -> ScalarSelect[int]:
    # The state is part of the text: as a parameter, SQLite would not choose the index by it.
    is_in_state = runs.c.state == literal_column(str(state.value), Integer)
    of_workflow = runs.c.workflow_number == bindparam("workflow")
    found = select(runs.c.seq).where(of_workflow, is_in_state)
    bounded = found.limit(bindparam("most", type_=Integer)).subquery()
    return select(func.count()).select_from(bounded).scalar_subquery()

"""Any search can be written as text, and is read back from it."""

import contextlib

from hypothesis import given
from hypothesis import strategies as st

from mock_qualtrics.clock import FIRST_INSTANT, LAST_INSTANT
from mock_qualtrics.web.pages.history.search_syntax import Search, SearchTextError, parse
from mock_qualtrics.web.pages.history.search_terms import STATUSES, VIEWS, Age, Instant

TEXTS = st.text(min_size=1, max_size=20)
SEVERAL = st.lists(TEXTS, max_size=3, unique=True).map(tuple)
MOMENTS = st.one_of(
    st.none(),
    st.integers(0, 999_999_999).map(Age),
    st.integers(FIRST_INSTANT, LAST_INSTANT).map(Instant),
)
SEARCHES = st.builds(
    Search,
    status=st.lists(st.sampled_from(list(STATUSES)), unique=True).map(tuple),
    view=st.sampled_from([None, *VIEWS]),
    workflow=SEVERAL,
    after=MOMENTS,
    before=MOMENTS,
    task=st.none() | TEXTS,
    error=SEVERAL,
    trace=st.none() | TEXTS,
    words=SEVERAL,
)


@given(SEARCHES)
def test_what_is_written_is_read_back(search: Search) -> None:
    assert parse(str(search)) == search


@given(st.text(alphabet='status:failed" \\\tx-', max_size=40) | st.text(max_size=40))
def test_any_text_is_a_search_or_an_error_and_never_anything_else(text: str) -> None:
    with contextlib.suppress(SearchTextError):
        search = parse(text)
        assert parse(str(search)) == search

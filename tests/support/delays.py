"""A strategy for the delays of workflows."""

from hypothesis import strategies as st

SECONDS = st.integers(0, 10_000)
DELAYS = st.one_of(
    st.fixed_dictionaries({"kind": st.just("fixed"), "seconds": SECONDS}),
    st.tuples(SECONDS, SECONDS).map(
        lambda pair: {"kind": "uniform", "lowSeconds": min(pair), "highSeconds": max(pair)}
    ),
    st.tuples(st.integers(1, 9), st.integers(0, 99)).map(
        lambda pair: {
            "kind": "lognormal",
            "medianSeconds": pair[0],
            "p95Seconds": pair[0] + pair[1],
        }
    ),
    st.fixed_dictionaries({"kind": st.just("measured"), "seconds": st.lists(SECONDS, min_size=1)}),
)

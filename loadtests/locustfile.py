r"""A workload in real time: what the real sender's messages and credential do to a destination.

    QUALTRICS_URL=… QUALTRICS_USERNAME=… QUALTRICS_API_TOKEN=… \
        locust -f loadtests/locustfile.py --headless --workload spike --threshold 'p95_ms<250'

The three variables are those that every connector gets. What is loaded, how it is judged and where
the result goes are options beside Locust's own: ``locust -f loadtests/locustfile.py --help``, and
``docs/load.md``. The variables ``DATAFLOW`` and ``SEED`` do the same as their options.

Exit codes: 0 all well; 1 a message was lost, and no threshold was given; 2 wrong usage, nothing was
sent; 3 interrupted; 4 a threshold was missed; 5 no valid verdict: the generator was the limit, or
the run broke.
"""

from contracts.extras import missing_extra

try:
    from locust import events
except ImportError as error:  # pragma: no cover  the extra is there in tests
    raise ImportError(missing_extra("the locustfile needs", "locust", "load")) from error

from loadtests.running.hooks import register
from loadtests.running.sending.user import ExportingUser

register(events)


class ExportProfiles(ExportingUser):
    """A connection from Experience Platform to the destination."""

"""The journal: every call and run, staged, committed, counted and queried; the queue of runs."""

from mock_qualtrics.journal.calls.call_filter import IGNORED, NO_FILTER, CallFilter
from mock_qualtrics.journal.calls.call_queries import KeptCall
from mock_qualtrics.journal.calls.run_documents import View, states
from mock_qualtrics.journal.counters import TenantCounters
from mock_qualtrics.journal.journal import Journal
from mock_qualtrics.journal.page_cursors import Page
from mock_qualtrics.journal.pending_run import Outcome, PendingRun
from mock_qualtrics.journal.queries import JournalQueries
from mock_qualtrics.store.database import Store
from mock_qualtrics.store.schema import UNATTRIBUTED, State
from mock_qualtrics.store.store_parts import STORE_PARTS, StoreParts

__all__ = [
    "IGNORED",
    "NO_FILTER",
    "STORE_PARTS",
    "UNATTRIBUTED",
    "CallFilter",
    "Journal",
    "JournalQueries",
    "KeptCall",
    "Outcome",
    "Page",
    "PendingRun",
    "State",
    "Store",
    "StoreParts",
    "TenantCounters",
    "View",
    "states",
]

"""The journal: tables, the one writer, the readers, and what is due next."""

from mock_qualtrics.journal.counters import Ledger
from mock_qualtrics.journal.journal import Journal
from mock_qualtrics.journal.pending_run import Outcome, PendingRun
from mock_qualtrics.journal.queries import Page, Reader, View, states
from mock_qualtrics.store.database import Store
from mock_qualtrics.store.schema import State

__all__ = [
    "Journal",
    "Ledger",
    "Outcome",
    "Page",
    "PendingRun",
    "Reader",
    "State",
    "Store",
    "View",
    "states",
]

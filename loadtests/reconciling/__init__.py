"""What the mock's journal says of a run, held against what its generator saw."""

from loadtests.reconciling.balance import BalanceLine, SeenCalls, balance
from loadtests.reconciling.journal_facts import JournalFacts
from loadtests.reconciling.mocks import Mock, TargetError, find_mock
from loadtests.reconciling.reading import RunToRead, read_journal

__all__ = [
    "BalanceLine",
    "JournalFacts",
    "Mock",
    "RunToRead",
    "SeenCalls",
    "TargetError",
    "balance",
    "find_mock",
    "read_journal",
]

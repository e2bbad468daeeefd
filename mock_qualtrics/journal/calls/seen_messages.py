"""How often each message came: counted for good, and looked up in the store only when needed."""

from typing import TYPE_CHECKING

from mock_qualtrics.journal.duplicates import BloomFilter
from mock_qualtrics.store.database import Store

if TYPE_CHECKING:
    from mock_qualtrics.journal.batch import Batch
    from mock_qualtrics.journal.queries import JournalQueries

MOST_LOADED_DIGESTS = 50_000


class SeenMessages:
    """The counts of digests; use it under the journal's lock.

    Args:
        store: has the committed counts.
        reader: reads the digests that the store has.
    """

    def __init__(self, store: Store, reader: "JournalQueries") -> None:
        self._store = store
        self._before = BloomFilter()
        digests = reader.seen_digests(MOST_LOADED_DIGESTS + 1)
        if len(digests) > MOST_LOADED_DIGESTS:
            self._before.fill()  # too many to load: each digest is looked up in the store
        for digest in digests:
            self._before.add(digest)

    def count(self, tenant_number: int, digest: bytes, staged: "Batch", writing: "Batch") -> int:
        """Count a digest; return how often it was counted before.

        Args:
            tenant_number: the tenant.
            digest: the digest.
            staged: the rows of the next transaction, to which the count is added.
            writing: the rows that are being written.
        """
        before = 0
        if self._before.add(digest):
            before = self._counted(tenant_number, digest, staged, writing)
        staged.seen[tenant_number, digest] = before + 1
        return before

    def _counted(self, tenant_number: int, digest: bytes, staged: "Batch", writing: "Batch") -> int:
        key = (tenant_number, digest)
        # The newest count first: each batch holds the whole count, not a difference.
        for batch in (staged, writing):
            if key in batch.seen:
                return batch.seen[key]
        return self._store.get(self._store.hot.get_seen, key) or 0

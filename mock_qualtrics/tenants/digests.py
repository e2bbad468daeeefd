"""A digest of what is stored of each tenant: its settings, faults and workflows, not its journal.

Equal digests mean that nothing of this was changed; they are the same after a restart.
"""

import hashlib
import json
from collections.abc import Callable
from typing import TYPE_CHECKING

from mock_qualtrics.tenants import workflow_records

if TYPE_CHECKING:
    from mock_qualtrics.tenants.tenant import Tenant


class TenantDigests:
    """The digests of all tenants; call everything under the journal's lock.

    Args:
        tell: told the number of each tenant that was changed.
    """

    def __init__(self, tell: Callable[[int], None]) -> None:
        self._tell = tell
        self._known: dict[int, str] = {}

    def of(self, tenant: "Tenant") -> str:
        """Return a tenant's digest, in hexadecimal."""
        if tenant.number not in self._known:
            self._known[tenant.number] = _digest(tenant)
        return self._known[tenant.number]

    def outdate(self, tenant_number: int) -> None:
        """Forget a tenant's digest, because something of it was stored or deleted, and tell."""
        self._known.pop(tenant_number, None)
        self._tell(tenant_number)


def _digest(tenant: "Tenant") -> str:
    workflows = sorted(tenant.workflows, key=lambda workflow: workflow.number)
    stored = [workflow_records.stored(workflow) for workflow in workflows]
    text = json.dumps([tenant.to_document(tenant.faults), stored], sort_keys=True)
    return hashlib.blake2b(text.encode(), digest_size=8).hexdigest()

"""Look tenants and workflows up: by id, by number, by token, by trigger URL.

The engine asks here to which tenant a call belongs. The registry maintains what is looked up.
"""

import logging
from contextlib import AbstractContextManager

from mock_qualtrics.errors import NotFoundError
from mock_qualtrics.gate.attribution import TriggerKey, TriggerTarget, trigger_key
from mock_qualtrics.gate.bounded_cache import LONGEST_REMEMBERED
from mock_qualtrics.journal.calls.workflow_ids import WorkflowIds
from mock_qualtrics.tenants import workflow_records
from mock_qualtrics.tenants.tenant import DEFAULT_TENANT, Tenant
from mock_qualtrics.tenants.workflow import Workflow

_MOST_TARGETS = 4_096
_LONGEST_NUMBER = 18  # digits; no tenant has a longer number
_log = logging.getLogger(__name__)


class TenantIndex:
    """The tenants and workflows of one server that exist now.

    Args:
        lock: held while tenants change.
        workflow_ids: kept up to date with the workflows that exist.

    Attributes:
        revision: increases whenever a trigger URL may name something else.
    """

    def __init__(self, lock: AbstractContextManager[object], workflow_ids: WorkflowIds) -> None:
        self._lock = lock
        self._by_number: dict[int, Tenant] = {}
        self._by_token: dict[str, Tenant] = {}
        self._by_url: dict[tuple[str | None, ...], tuple[Tenant, Workflow]] = {}
        self._workflows: dict[int, Workflow] = {}
        self._workflow_ids = workflow_ids
        self._targets: dict[str, TriggerTarget[Tenant, Workflow]] = {}
        self.revision = 0

    @property
    def default(self) -> Tenant:
        """The first tenant, with which ``serve`` starts.

        Raises:
            NotFoundError: all tenants were deleted.
        """
        for tenant in self._by_number.values():
            return tenant
        raise NotFoundError("tenant", f"tenant-{DEFAULT_TENANT}")

    def all(self) -> tuple[Tenant, ...]:
        """Return all tenants in order of creation."""
        with self._lock:
            return tuple(self._by_number.values())

    def get(self, tenant_id: str) -> Tenant:
        """Return the tenant with this id.

        Raises:
            NotFoundError: there is none.
        """
        number = tenant_id.removeprefix("tenant-")
        short = number.isdecimal() and len(number) <= _LONGEST_NUMBER
        tenant = self._by_number.get(int(number)) if short else None
        if tenant is None or tenant.id != tenant_id:
            raise NotFoundError("tenant", tenant_id)
        return tenant

    def by_number(self, number: int) -> Tenant | None:
        """Return the tenant with this number, or None."""
        return self._by_number.get(number)

    def by_token(self, token: str) -> Tenant | None:
        """Return the tenant that has this API token, or None."""
        return self._by_token.get(token)

    def by_trigger(self, key: TriggerKey) -> tuple[Tenant, Workflow] | None:
        """Return the workflow that a trigger URL names, with its tenant (Q-URL-1, Q-URL-2)."""
        if key.url_token_id is not None:
            return self._by_url.get((key.url_token_id,))
        return self._by_url.get((key.trigger_id, key.context_id, key.user_id, key.brand_id))

    def resolve(self, query: str) -> TriggerTarget[Tenant, Workflow]:
        """Return what a trigger URL with this query names."""
        revision = self.revision  # read first, so that a change during the lookup outdates it
        target = self._targets.get(query)
        if target is None or target.revision != revision:
            key = trigger_key(query)
            tenant, workflow = (self.by_trigger(key) if key else None) or (None, None)
            target = TriggerTarget(tenant, workflow, revision)
            self._remember(query, target)
        return target

    def _remember(self, query: str, target: TriggerTarget[Tenant, Workflow]) -> None:
        if len(query) > LONGEST_REMEMBERED:  # a caller could fill the memory with them
            return
        if len(self._targets) >= _MOST_TARGETS:
            self._targets = {}
        self._targets[query] = target

    def workflow(self, workflow_id: str) -> Workflow:
        """Return the workflow with this id.

        Raises:
            NotFoundError: there is none.
        """
        for workflow in tuple(self._workflows.values()):
            if workflow.id == workflow_id:
                return workflow
        raise NotFoundError("workflow", workflow_id)

    def workflow_by_number(self, number: int) -> Workflow | None:
        """Return the workflow with this number; None when it was deleted."""
        return self._workflows.get(number)

    def _hold(self, tenant: Tenant, workflow: Workflow) -> None:
        tenant.put_workflow(workflow)
        self._workflows[workflow.number] = workflow
        self._workflow_ids.add(
            workflow.number,
            workflow.id,
            tenant.number,
            workflow_records.url_ends(workflow),
            virtual=tenant.virtual,
        )
        for key in workflow_records.url_keys(workflow):
            self._by_url[key] = (tenant, workflow)
        self.revision += 1
        for warning in workflow.settings.warnings():
            _log.warning("%s", warning)

    def _let_go(self, tenant: Tenant, workflow: Workflow) -> None:
        tenant.remove_workflow(workflow)
        del self._workflows[workflow.number]
        self._workflow_ids.remove(workflow.number)
        for key in workflow_records.url_keys(workflow):
            del self._by_url[key]
        self.revision += 1

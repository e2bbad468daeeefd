"""Create, look up, reset and delete tenants and workflows; all are stored.

After a restart the ids, tokens and URLs are the same. `tenant_index` has the look-ups; nothing here
handles calls.
"""

import logging
from collections.abc import Mapping
from typing import Any

from mock_qualtrics.clock import SECOND, SkippingClock, TenantClock, VirtualClock
from mock_qualtrics.errors import NotFoundError
from mock_qualtrics.faults.fault_set import FaultSet
from mock_qualtrics.faults.persistent_fault_set import PersistentFaultSet
from mock_qualtrics.gate.attribution import TRIGGER_PATHS
from mock_qualtrics.journal import UNATTRIBUTED, Journal, TenantCounters
from mock_qualtrics.journal.calls.workflow_ids import WorkflowIds
from mock_qualtrics.journal.tenant_documents import TenantDocuments, workflows_of
from mock_qualtrics.settings import Settings
from mock_qualtrics.tenants import life_cycle, workflow_records
from mock_qualtrics.tenants.digests import TenantDigests
from mock_qualtrics.tenants.key_case import camel_case_keys
from mock_qualtrics.tenants.life_cycle import Version
from mock_qualtrics.tenants.settings_documents import (
    TenantSettings,
    tenant_settings,
    workflow_settings,
)
from mock_qualtrics.tenants.tenant import DEFAULT_TENANT, Tenant
from mock_qualtrics.tenants.tenant_index import TenantIndex
from mock_qualtrics.tenants.workflow import Workflow, settings_from

__all__ = ["Tenant", "TenantRegistry"]

_log = logging.getLogger(__name__)
DEFAULT_WORKFLOW = {"name": "Rehearsal"}


class TenantRegistry(TenantIndex):
    """All tenants of one server. Changes are made under the journal's lock.

    Args:
        settings: the server's settings.
        journal: the calls and runs of all tenants.
        documents: stores the tenants and workflows.
        workflow_ids: kept up to date with the workflows that exist.
        real_clock: the clock of all tenants with a real clock.

    Attributes:
        digests: of what is stored of each tenant.
    """

    def __init__(
        self,
        settings: Settings,
        journal: Journal,
        documents: TenantDocuments,
        workflow_ids: WorkflowIds,
        real_clock: TenantClock,
    ) -> None:
        super().__init__(journal.lock, workflow_ids)
        self._settings = settings
        self._journal = journal
        self._documents = documents
        self._real_clock = real_clock
        self.digests = TenantDigests(journal.wake)
        self._load()
        if not self._by_number:
            self.add_workflow(self._create({}, of_start=True), DEFAULT_WORKFLOW)

    def create(self, document: Mapping[str, Any]) -> Tenant:
        """Create a tenant without workflows from its settings document.

        Raises:
            InvalidSettingsError: the document is invalid; lists every violation.
        """
        return self._create(document, of_start=False)

    def _create(self, document: Mapping[str, Any], *, of_start: bool) -> Tenant:
        settings = tenant_settings(document, self._settings)
        with self._journal.lock:
            number = self._documents.next_number("tenant")
            tenant = Tenant(number, settings, self._real_clock, of_start=of_start)
            self._documents.put_tenant(number, tenant.to_document(tenant.faults))
            return self._register_tenant(tenant, None)

    def delete(self, tenant_id: str) -> None:
        """Delete a tenant with its workflows and its journal.

        Raises:
            NotFoundError: there is none.
        """
        with self._journal.quiet():
            tenant = self.get(tenant_id)
            numbers = [workflow.number for workflow in tenant.workflows]
            self._documents.drop_tenant(tenant.number, numbers)  # first: the store may refuse
            self._journal.forget(tenant.number)
            if not tenant.real:
                self._journal.run_queue.close(tenant.clock_number)
            for workflow in tenant.workflows:
                self._let_go(tenant, workflow)
            del self._by_number[tenant.number]
            del self._by_token[tenant.api_token.reveal()]
            self.digests.outdate(tenant.number)

    def reset(self, tenant_id: str) -> None:
        """Delete a tenant's journal, counters and faults, and set its clock back to the start.

        Raises:
            NotFoundError: there is none.
        """
        with self._journal.quiet():
            tenant = self.get(tenant_id)
            document = tenant.to_document(FaultSet(tenant.seed)) | {"resets": tenant.resets + 1}
            self._documents.empty_tenant(tenant.number, document)  # first: the store may refuse
            tenant.resets += 1
            self._journal.forget(tenant.number)
            self._start(tenant, None)
            self.digests.outdate(tenant.number)

    def new_token(self, tenant_id: str) -> Tenant:
        """Give a tenant another API token; the old one is refused from now on (Q-AUTH-6).

        Raises:
            NotFoundError: there is none.
        """
        with self._journal.lock:
            tenant = self.get(tenant_id)
            document = tenant.to_document(tenant.faults, tenant.earlier_tokens + 1)
            self._documents.put_tenant(tenant.number, document)  # first: the store may refuse
            del self._by_token[tenant.api_token.reveal()]
            tenant.replace_token()
            self._by_token[tenant.api_token.reveal()] = tenant
            self.digests.outdate(tenant.number)
        return tenant

    def change_settings(self, tenant_id: str, changes: Mapping[str, Any]) -> Tenant:
        """Change a tenant's limits and assumptions; what the rate window has counted still counts.

        They are stored, but the first tenant's are flags of ``serve``, new at each start.

        Raises:
            NotFoundError: there is no such tenant.
            InvalidSettingsError: the changes are invalid; lists every violation.
        """
        with self._journal.lock:
            tenant = self.get(tenant_id)
            settings = tenant.settings.changed(changes)
            document = tenant.to_document(tenant.faults, settings=settings)
            self._documents.put_tenant(tenant.number, document)  # first: the store may refuse
            tenant.replace_settings(settings)
            self.digests.outdate(tenant.number)
        return tenant

    def add_workflow(self, tenant: Tenant, document: Mapping[str, Any]) -> Workflow:
        """Create a workflow from its settings document.

        Raises:
            NotFoundError: the tenant was deleted meanwhile.
            InvalidSettingsError: the document is invalid; lists every violation.
        """
        settings = workflow_settings(document)
        version = life_cycle.created(camel_case_keys(document))
        with self._journal.lock:
            self._require(tenant)
            number = self._documents.next_number("workflow")
            position = self._documents.next_number(workflows_of(tenant.number))
            workflow = workflow_records.workflow(tenant, (number, position), settings, version)
            self._put(tenant, workflow)
        return workflow

    def update_workflow(self, workflow_id: str, changes: Mapping[str, Any]) -> Workflow:
        """Change some settings; the other settings, the id and the URLs stay the same.

        Args:
            workflow_id: the workflow.
            changes: with ``publish`` false they are kept until they are published (Q-WF-6).

        Raises:
            NotFoundError: there is no such workflow.
            InvalidSettingsError: the changes are invalid; lists every violation.
        """
        with self._journal.lock:
            old = self.workflow(workflow_id)
            return self._revise(old, life_cycle.changed(old.version, camel_case_keys(changes)))

    def publish_workflow(self, workflow_id: str) -> Workflow:
        """Make edits live that were kept; a draft is not enabled by that (Q-WF-6).

        Raises:
            NotFoundError: there is no such workflow.
        """
        with self._journal.lock:
            old = self.workflow(workflow_id)
            return self._revise(old, life_cycle.published(old.version))

    def replace_workflow(self, workflow_id: str, document: Mapping[str, Any]) -> Workflow:
        """Replace all settings by those of a document, and drop edits that wait; ids stay the same.

        Raises:
            NotFoundError: there is no such workflow.
            InvalidSettingsError: the document is invalid; lists every violation.
        """
        with self._journal.lock:
            old = self.workflow(workflow_id)
            return self._revise(old, life_cycle.replaced(old.version, camel_case_keys(document)))

    def _revise(self, old: Workflow, version: Version) -> Workflow:
        workflow_settings(version.next)  # kept edits are judged now, not when they are published
        settings = workflow_settings(version.chosen)
        tenant = self._by_number[old.tenant_number]
        workflow = workflow_records.workflow(tenant, (old.number, old.position), settings, version)
        self._put(tenant, workflow)
        if settings.delay != old.settings.delay:
            tenant.queues.pop(workflow.number, None)  # the number of workers may have changed
        return workflow

    def delete_workflow(self, workflow_id: str) -> None:
        """Delete a workflow; its trigger URL becomes unknown, and its waiting runs fail to start.

        Raises:
            NotFoundError: there is none.
        """
        with self._journal.lock:
            workflow = self.workflow(workflow_id)
            self._documents.drop_workflow(workflow.number)
            self._let_go(self._by_number[workflow.tenant_number], workflow)
            self.digests.outdate(workflow.tenant_number)

    def _load(self) -> None:
        stored_counters = self._documents.counters()
        # Calls that name no tenant go on being numbered: a number given twice is refused.
        self._journal.open(UNATTRIBUTED, stored_counters.get(UNATTRIBUTED))
        for number, document in self._documents.tenants().items():
            # What nobody chose has the defaults, not the flags of this start.
            settings = tenant_settings(document["settings"], Settings())
            if number == DEFAULT_TENANT:  # its limits are flags of ``serve``, new at each start
                settings = settings.under(self._settings)
            earlier, of_start = document.get("earlierTokens", 0), document.get("ofStart", False)
            resets = document.get("resets", 0)
            made = Tenant(
                number, settings, self._real_clock, earlier, of_start=of_start, resets=resets
            )
            tenant = self._register_tenant(made, stored_counters.get(number))
            tenant.faults.load(document["faults"])
            self._fill_window(tenant)
        for number, document in self._documents.workflows().items():
            if document["tenant"] not in self._by_number:
                _log.warning("workflow %d in the store is left out: its tenant is gone", number)
                continue
            tenant = self._by_number[document["tenant"]]
            version, place = workflow_records.version_in(document), (number, document["position"])
            live = settings_from(version.chosen)
            self._hold(tenant, workflow_records.workflow(tenant, place, live, version))

    def _register_tenant(self, tenant: Tenant, counters: TenantCounters | None) -> Tenant:
        self._start(tenant, counters)
        self._by_number[tenant.number] = tenant
        self._by_token[tenant.api_token.reveal()] = tenant
        return tenant

    def _start(self, tenant: Tenant, counters: TenantCounters | None) -> None:
        settings = tenant.settings
        tenant.clock = self._clock_of(settings, counters)
        tenant.window = settings.new_window()
        tenant.queues = {}
        opened = self._journal.open(tenant.number, counters, tenant.clock_number)
        if counters is None and tenant.virtual:
            opened.now = settings.start_at  # may be before 1970, the `now` of new counters
        tenant.faults = PersistentFaultSet(
            seed=tenant.seed,
            received=lambda: opened.received,
            now=tenant.clock.now,
            keep=lambda: self._store_tenant(tenant),
        )

    def _clock_of(self, settings: TenantSettings, counters: TenantCounters | None) -> TenantClock:
        if settings.clock == "virtual":
            return VirtualClock(counters.now if counters else settings.start_at)
        if settings.clock == "skipping" and counters:
            return SkippingClock(self._real_clock, counters.skipped, counters.now)
        return SkippingClock(self._real_clock) if settings.clock == "skipping" else self._real_clock

    def _fill_window(self, tenant: Tenant) -> None:
        """Count the last window's calls from the journal, so that a restart frees no quota."""
        span = tenant.limits.window_seconds * SECOND
        since = self._journal.counters(tenant.number).now - span
        # Only calls of a trigger count: not whoami, not those that name another path, no "Run now".
        refused_at = TRIGGER_PATHS if tenant.settings.count_refused else ()
        for instant in self._journal.reader.admitted_since(
            tenant.number, since, refused_at=refused_at
        ):
            tenant.window.take(instant)

    def _store_tenant(self, tenant: Tenant) -> None:
        with self._journal.lock:  # or a new token, stored meanwhile, would be lost
            self._require(tenant)
            self._documents.put_tenant(tenant.number, tenant.to_document(tenant.faults))
            self.digests.outdate(tenant.number)

    def _require(self, tenant: Tenant) -> None:
        """Refuse to store anything of a tenant that was deleted; under the lock.

        Raises:
            NotFoundError: it was; otherwise it would be there again after a restart.
        """
        if self._by_number.get(tenant.number) is not tenant:
            raise NotFoundError("tenant", tenant.id)

    def _put(self, tenant: Tenant, workflow: Workflow) -> None:
        document = workflow_records.stored(workflow)
        self._documents.put_workflow(workflow.number, tenant.number, document)
        self._hold(tenant, workflow)
        self.digests.outdate(tenant.number)

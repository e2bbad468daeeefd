"""Uses the client that .ci/openapi-tools generated: a tenant, a workflow, and its failed runs."""

import json
from pathlib import Path

from generated.api.control import create_tenant, create_workflow, list_runs
from generated.client import Client
from generated.models.clock import Clock
from generated.models.list_runs_status import ListRunsStatus
from generated.models.tenant_settings import TenantSettings
from generated.models.workflow_settings import WorkflowSettings

ready = json.loads(Path("ready.json").read_text("utf-8"))
client = Client(base_url=ready["controlUrl"].removesuffix("/__control/v1"))
tenant = create_tenant.sync(client=client, body=TenantSettings(clock=Clock.VIRTUAL))
workflow = create_workflow.sync(tenant.id, client=client, body=WorkflowSettings(name="Invite"))
page = list_runs.sync(workflow.id, client=client, status=ListRunsStatus.FAILED)
assert (tenant.workflows, workflow.name, page.runs) == ([], "Invite", []), (tenant, workflow, page)

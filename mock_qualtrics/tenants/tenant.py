"""One tenant: who it is, what it may do, and the state that belongs to it alone.

Its calls and runs are the journal's; making and keeping tenants is ``registry``'.
"""

import threading
from typing import TYPE_CHECKING, Any

from contracts.secret import Secret
from mock_qualtrics import ids
from mock_qualtrics.clock import TenantClock
from mock_qualtrics.faults.fault_set import FaultSet
from mock_qualtrics.gate.rate_window import Window, make_window
from mock_qualtrics.settings import Answers, Limits
from mock_qualtrics.tenants.settings_documents import TenantSettings

if TYPE_CHECKING:
    from mock_qualtrics.tenants.delays import Workers
    from mock_qualtrics.tenants.workflow import Workflow


class Tenant:
    """A brand of its own (Q-LIM-1 counts by brand).

    Attributes:
        number: unique on the server, never used again.
        key: the seed's, from which all ids and all chance come.
        window: the brand's minute.
        faults: what goes wrong on purpose.
        advancing: held while a virtual clock is moved.
        queues: the workers of workflows whose delay is a queue, by workflow number.
    """

    def __init__(self, number: int, settings: TenantSettings, clock: TenantClock) -> None:
        self.number = number
        self.settings = settings
        self.clock = clock
        self.key = ids.seed_key(settings.seed)
        self.id = f"tenant-{number}"
        self.brand_id = ids.letters(self.key, number, "brand", 0, 10).lower()
        self.user_id = ids.qualtrics_id(self.key, "UR", number)
        self.username = f"rehearsal{number}@example.com#{self.brand_id}"
        self.api_token = Secret(ids.api_token(self.key, number))
        self.window: Window = make_window(settings.window, settings.limits.calls_per_minute)
        self.faults: FaultSet = FaultSet(settings.seed)
        self._workflows: dict[str, Workflow] = {}
        self.advancing = threading.Lock()
        self.queues: dict[int, Workers] = {}

    @property
    def workflows(self) -> "tuple[Workflow, ...]":
        """The tenant's workflows: first the enabled ones, each in the order they were made."""
        return tuple(sorted(self._workflows.values(), key=lambda workflow: not workflow.enabled))

    def put_workflow(self, workflow: "Workflow") -> None:
        """Add a workflow, or put it in the place of the one of its id."""
        self._workflows[workflow.id] = workflow

    def remove_workflow(self, workflow: "Workflow") -> None:
        """Take a workflow out."""
        del self._workflows[workflow.id]

    @property
    def seed(self) -> int:
        """What all of the tenant's chance comes from."""
        return self.settings.seed

    @property
    def limits(self) -> Limits:
        """The brand's limits."""
        return self.settings.limits

    @property
    def answers(self) -> Answers:
        """What nobody documents, as this tenant has it."""
        return self.settings.answers

    @property
    def virtual(self) -> bool:
        """Whether the clock moves only when told."""
        return self.settings.clock == "virtual"

    @property
    def clock_number(self) -> int:
        """The clock that the tenant's runs wait for: 0, the real one, or its own."""
        return self.number if self.virtual else 0

    def to_mapping(self, base_url: str) -> dict[str, Any]:
        """Return it as the ready file and the control API show it; the token is in it."""
        settings = self.settings.to_mapping()
        if not self.virtual:
            del settings["startAt"]
        return {
            "id": self.id,
            "brandId": self.brand_id,
            "username": self.username,
            "apiToken": self.api_token.reveal(),
            "workflows": [workflow.to_entry(base_url) for workflow in self.workflows],
            **settings,
        }

    def whoami(self) -> dict[str, str]:
        """Return what whoami's ``result`` says of the tenant's user (Q-AUTH-5)."""
        return {
            "brandId": self.brand_id,
            "userId": self.user_id,
            "userName": self.username,
            "accountType": "UT_BRANDADMIN",
            "firstName": "Rehearsal",
            "lastName": "User",
            "email": self.username.partition("#")[0],
            "datacenter": "iad1",
        }

    def __repr__(self) -> str:
        return f"Tenant({self.id!r})"

"""One tenant: its identity, settings and state.

The journal has its calls and runs; ``registry`` creates and stores tenants.
"""

import threading
from typing import TYPE_CHECKING, Any

from contracts.secret import Secret
from mock_qualtrics import ids
from mock_qualtrics.clock import TenantClock
from mock_qualtrics.faults.fault_set import FaultSet
from mock_qualtrics.gate.rate_window import go_on
from mock_qualtrics.settings import Answers, Limits
from mock_qualtrics.tenants.settings_documents import TenantSettings

if TYPE_CHECKING:
    from mock_qualtrics.gate.rate_window import Window
    from mock_qualtrics.tenants.delays import Workers
    from mock_qualtrics.tenants.workflow import Workflow


DEFAULT_TENANT = 1  # the number of the tenant that is created with a new store


class Tenant:
    """A tenant is a brand with its own limits (Q-LIM-1 counts by brand).

    Attributes:
        number: unique on the server, never reused.
        settings: the tenant's settings.
        clock: the tenant's time.
        key: the seed's key, from which all ids and random numbers derive.
        earlier_tokens: how many API tokens were replaced (Q-AUTH-6).
        resets: how often the tenant was reset.
        of_start: whether a start of the server created it, in a store without tenants; a workflows
            file belongs to such a one.
        window: the brand's rate window.
        faults: the tenant's faults.
        advancing: held while the clock is advanced.
        queues: the workers of workflows whose delay is a queue, by workflow number.
    """

    def __init__(
        self,
        number: int,
        settings: TenantSettings,
        clock: TenantClock,
        earlier_tokens: int = 0,
        *,
        of_start: bool = False,
        resets: int = 0,
    ) -> None:
        self.number = number
        self.resets = resets
        self.of_start = of_start or number == DEFAULT_TENANT
        self.settings = settings
        self.clock = clock
        self.key = ids.seed_key(settings.seed)
        self.id = f"tenant-{number}"
        self.brand_id = ids.letters(self.key, number, "brand", 0, 10).lower()
        self.user_id = ids.qualtrics_id(self.key, "UR", number)
        self.username = f"rehearsal{number}@example.com#{self.brand_id}"
        self.earlier_tokens = earlier_tokens
        self.api_token = Secret(ids.api_token(self.key, number, earlier_tokens))
        self.window: Window = settings.new_window()
        self.faults: FaultSet = FaultSet(settings.seed)
        self._workflows: dict[str, Workflow] = {}
        self.advancing = threading.Lock()
        self.queues: dict[int, Workers] = {}

    @property
    def workflows(self) -> "tuple[Workflow, ...]":
        """The tenant's workflows, enabled ones first, each group in order of creation."""
        return tuple(sorted(self._workflows.values(), key=lambda workflow: not workflow.enabled))

    def to_document(
        self,
        faults: FaultSet,
        earlier_tokens: int | None = None,
        settings: TenantSettings | None = None,
    ) -> dict[str, Any]:
        """Return what is stored of the tenant: of its tokens, how many there were.

        Args:
            faults: those that are stored with it.
            earlier_tokens: the number after the next change; by default that of now.
            settings: those after the next change; by default those of now.
        """
        count = self.earlier_tokens if earlier_tokens is None else earlier_tokens
        tokens = {"earlierTokens": count} if count else {}
        marks = {"ofStart": True} if self.of_start and self.number != DEFAULT_TENANT else {}
        shown = (settings or self.settings).to_document()
        resets = {"resets": self.resets} if self.resets else {}
        return {"settings": shown, "faults": faults.dump(), **tokens, **marks, **resets}

    def replace_settings(self, settings: TenantSettings) -> None:
        """Have other limits and assumptions; what the rate window has counted still counts."""
        self.settings = settings
        self.window = go_on(settings.new_window(), self.window)

    def replace_token(self) -> None:
        """End the API token, and have another (Q-AUTH-6)."""
        self.earlier_tokens += 1
        self.api_token = Secret(ids.api_token(self.key, self.number, self.earlier_tokens))

    def put_workflow(self, workflow: "Workflow") -> None:
        """Add a workflow, or replace the one with the same id."""
        self._workflows[workflow.id] = workflow

    def remove_workflow(self, workflow: "Workflow") -> None:
        """Remove a workflow."""
        del self._workflows[workflow.id]

    @property
    def seed(self) -> int:
        """The seed of all the tenant's random choices."""
        return self.settings.seed

    @property
    def limits(self) -> Limits:
        """The brand's limits."""
        return self.settings.limits

    @property
    def answers(self) -> Answers:
        """The undocumented answers, as this tenant is configured to give them."""
        return self.settings.answers

    @property
    def virtual(self) -> bool:
        """Whether the clock moves only when it is advanced."""
        return self.settings.clock == "virtual"

    @property
    def real(self) -> bool:
        """Whether the clock is the one that all tenants without a clock of their own share."""
        return self.settings.clock == "real"

    @property
    def clock_number(self) -> int:
        """The clock that the tenant's runs wait for: 0 for the real one, else its own."""
        return 0 if self.real else self.number

    def to_mapping(self, base_url: str) -> dict[str, Any]:
        """Return the tenant as the ready file and the control API show it, with its token."""
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
        """Return the ``result`` of whoami for the tenant's user (Q-AUTH-5)."""
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

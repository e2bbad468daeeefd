"""Whose call it is: the trigger URL decides, else a credential that is right. Pure."""

import urllib.parse
from dataclasses import dataclass
from typing import Generic, NamedTuple, Protocol, TypeVar

from contracts.secret import Secret
from mock_qualtrics.gate import credentials
from mock_qualtrics.gate.bounded_cache import bounded_cache
from mock_qualtrics.gate.credentials import Verdict
from mock_qualtrics.gate.rate_window import Window
from mock_qualtrics.model import Call
from mock_qualtrics.settings import Answers, Limits

TRIGGER_PATH = "/inbound-event/v1/events/json/triggers"
TRIGGER_PATHS = (TRIGGER_PATH, TRIGGER_PATH.replace("/json/", "/JSON/"))


@dataclass(frozen=True, slots=True)
class TriggerKey:
    """What a trigger URL's query names a workflow by, in either form (Q-URL-1, Q-URL-2).

    The newer form has ``url_token_id`` alone; of the older one all four others must fit.
    """

    url_token_id: str | None = None
    trigger_id: str | None = None
    context_id: str | None = None
    user_id: str | None = None
    brand_id: str | None = None


class GateTenant(Protocol):
    """What the gate asks of a tenant."""

    @property
    def username(self) -> str:
        """The Qualtrics username that HTTP Basic carries."""

    @property
    def api_token(self) -> Secret:
        """The token that both kinds of credential carry."""

    @property
    def answers(self) -> Answers:
        """What nobody documents, as this tenant has it."""

    @property
    def limits(self) -> Limits:
        """The brand's limits."""

    @property
    def window(self) -> Window:
        """The brand's minute."""


class GateWorkflow(Protocol):
    """What the gate asks of a workflow."""

    @property
    def require_authentication(self) -> bool:
        """Whether the trigger's switch demands a credential (Q-AUTH-2)."""


T_co = TypeVar("T_co", bound=GateTenant, covariant=True)
W_co = TypeVar("W_co", bound=GateWorkflow, covariant=True)


class TriggerTarget(NamedTuple, Generic[T_co, W_co]):
    """What a trigger URL names, as the tenants were at one revision.

    Attributes:
        tenant: None when the URL names no workflow.
        workflow: None with the tenant.
        revision: of the tenants that were asked; with another one the URL is looked up again.
    """

    tenant: T_co | None
    workflow: W_co | None
    revision: int

    @property
    def largest_body_bytes(self) -> int:
        """How long a body may be (Q-LIM-3)."""
        limits = Limits() if self.tenant is None else self.tenant.limits
        return limits.payload_bytes


class GateTenants(Protocol[T_co, W_co]):
    """Where tenants are found."""

    @property
    def revision(self) -> int:
        """Another number whenever a trigger URL may name something else than before."""

    def resolve(self, query: str) -> TriggerTarget[T_co, W_co]:
        """Return what a trigger URL names, by its query."""

    def by_token(self, token: str) -> T_co | None:
        """Return the tenant whose API token this is."""


class Attribution(NamedTuple, Generic[T_co, W_co]):
    """Whose call it is.

    Attributes:
        tenant: by the URL, else by a credential that is right; None when neither names one.
        workflow: what the trigger URL names.
        verdict: the credential against that tenant's own.
        is_trigger: whether the path is the JSON Event's, whatever its query names.
    """

    tenant: T_co | None
    workflow: W_co | None
    verdict: Verdict
    is_trigger: bool


def is_trigger_path(path: str) -> bool:
    """Tell whether the path is the JSON Event's, ``JSON`` in either case (Q-URL-3)."""
    return path in TRIGGER_PATHS


@bounded_cache(4_096)
def trigger_key(query: str) -> TriggerKey | None:
    """Return what a trigger URL's query names, None when it has neither form.

    Parameters that neither form knows are passed over (Q-URL-3); of a repeated one the first
    counts; with both forms at once ``urlTokenId`` counts.
    """
    try:
        pairs = urllib.parse.parse_qsl(query, max_num_fields=100)
    except ValueError:
        return None
    named = dict(reversed(pairs))
    if "urlTokenId" in named:
        return TriggerKey(url_token_id=named["urlTokenId"])
    older = [named.get(name) for name in ("triggerId", "contextId", "userId", "brandId")]
    return None if None in older else TriggerKey(None, *older)


def attribute(
    call: Call,
    tenants: GateTenants[T_co, W_co],
    target: TriggerTarget[T_co, W_co] | None = None,
) -> Attribution[T_co, W_co]:
    """Say whose call it is: the URL decides, else a credential that is right.

    Args:
        call: the call.
        tenants: who there is.
        target: what the call's URL names, when it was looked up before.
    """
    credentials_shown = credentials.shown(call)
    is_trigger = is_trigger_path(call.path)
    if is_trigger:
        if target is None or target.revision != tenants.revision:
            target = tenants.resolve(call.query)
        if target.tenant is not None:
            verdict = _verdict(credentials_shown, target.tenant)
            return Attribution(target.tenant, target.workflow, verdict, is_trigger)
    return _by_credential(credentials_shown, tenants, is_trigger=is_trigger)


def _by_credential(
    credentials_shown: tuple[credentials.Shown | Verdict, ...],
    tenants: GateTenants[T_co, W_co],
    *,
    is_trigger: bool,
) -> Attribution[T_co, W_co]:
    for credential in credentials_shown:
        owner = _owner(credential, tenants)
        if owner is None:
            continue
        verdict = _verdict(credentials_shown, owner)
        if verdict is Verdict.RIGHT:
            return Attribution(owner, None, verdict, is_trigger)
    return Attribution(None, None, _without_tenant(credentials_shown), is_trigger)


def _verdict(
    credentials_shown: tuple[credentials.Shown | Verdict, ...], tenant: GateTenant
) -> Verdict:
    one_is_enough = not tenant.answers.every_credential_counts
    return credentials.judge(
        credentials_shown, tenant.username, tenant.api_token, one_is_enough=one_is_enough
    )


def _owner(
    credential: credentials.Shown | Verdict, tenants: GateTenants[T_co, W_co]
) -> T_co | None:
    if isinstance(credential, Verdict):
        return None
    return tenants.by_token(credential.token.reveal())


def _without_tenant(credentials_shown: tuple[credentials.Shown | Verdict, ...]) -> Verdict:
    unreadable = [found for found in credentials_shown if isinstance(found, Verdict)]
    if unreadable:
        return unreadable[0]
    return Verdict.WRONG if credentials_shown else Verdict.NONE

"""Attribute a call to a tenant: by its trigger URL, else by a valid credential. Pure."""

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
    """The ids by which a trigger URL's query names a workflow (Q-URL-1, Q-URL-2).

    The newer URL form has only ``url_token_id``. In the older form all four other ids must match.
    """

    url_token_id: str | None = None
    trigger_id: str | None = None
    context_id: str | None = None
    user_id: str | None = None
    brand_id: str | None = None


class GateTenant(Protocol):
    """The part of a tenant that the gate reads."""

    @property
    def username(self) -> str:
        """The Qualtrics username, as sent with HTTP Basic."""

    @property
    def api_token(self) -> Secret:
        """The API token, as sent with both kinds of credential."""

    @property
    def answers(self) -> Answers:
        """The undocumented answers, as this tenant is configured to give them."""

    @property
    def limits(self) -> Limits:
        """The brand's limits."""

    @property
    def window(self) -> Window:
        """The brand's rate window."""


class GateWorkflow(Protocol):
    """The part of a workflow that the gate reads."""

    @property
    def require_authentication(self) -> bool:
        """Whether the trigger requires a credential (Q-AUTH-2)."""

    @property
    def enabled(self) -> bool:
        """Whether calls start runs (Q-WF-1)."""

    @property
    def draft(self) -> bool:
        """Whether it was never enabled (Q-WF-1)."""


T_co = TypeVar("T_co", bound=GateTenant, covariant=True)
W_co = TypeVar("W_co", bound=GateWorkflow, covariant=True)


class TriggerTarget(NamedTuple, Generic[T_co, W_co]):
    """The tenant and workflow that a trigger URL names, at one revision of the tenants.

    Attributes:
        tenant: None when the URL names no workflow.
        workflow: None when the tenant is.
        revision: the revision of the tenants at the lookup. When it has changed since, the URL must
            be looked up again.
    """

    tenant: T_co | None
    workflow: W_co | None
    revision: int

    @property
    def largest_body_bytes(self) -> int:
        """The largest body that is accepted (Q-LIM-3)."""
        limits = Limits() if self.tenant is None else self.tenant.limits
        return limits.payload_bytes


class GateTenants(Protocol[T_co, W_co]):
    """Look up tenants."""

    @property
    def revision(self) -> int:
        """A number that changes whenever a trigger URL may name something else."""

    def resolve(self, query: str) -> TriggerTarget[T_co, W_co]:
        """Return what a trigger URL with this query names."""

    def by_token(self, token: str) -> T_co | None:
        """Return the tenant that has this API token."""


class Attribution(NamedTuple, Generic[T_co, W_co]):
    """The tenant and workflow that a call belongs to.

    Attributes:
        tenant: found by the URL, else by a valid credential; None when neither names one.
        workflow: the workflow that the trigger URL names.
        verdict: the call's credential, compared with the tenant's.
        is_trigger: whether the path is that of the JSON Event, whatever its query names.
    """

    tenant: T_co | None
    workflow: W_co | None
    verdict: Verdict
    is_trigger: bool


def is_trigger_path(path: str) -> bool:
    """Return whether the path is that of the JSON Event; ``JSON`` in either case (Q-URL-3)."""
    return path in TRIGGER_PATHS


@bounded_cache(4_096)
def trigger_key(query: str) -> TriggerKey | None:
    """Return the ids in a trigger URL's query; None when the query has neither form.

    Unknown parameters are ignored (Q-URL-3). The first of a repeated parameter counts. When both
    forms are present, ``urlTokenId`` counts.
    """
    try:
        pairs = urllib.parse.parse_qsl(query, max_num_fields=100)
    except ValueError:
        return None
    parameters = dict(reversed(pairs))  # reversed, so that the first of a repeated one wins
    if "urlTokenId" in parameters:
        return TriggerKey(url_token_id=parameters["urlTokenId"])
    older_form = [parameters.get(name) for name in ("triggerId", "contextId", "userId", "brandId")]
    return None if None in older_form else TriggerKey(None, *older_form)


def attribute(
    call: Call,
    tenants: GateTenants[T_co, W_co],
    target: TriggerTarget[T_co, W_co] | None = None,
) -> Attribution[T_co, W_co]:
    """Return the tenant and workflow that a call belongs to, by its URL, else by its credential.

    Args:
        call: the call.
        tenants: all tenants.
        target: what the call's URL names, when it was looked up before.
    """
    credentials_shown = credentials.shown(call)
    is_trigger = is_trigger_path(call.path)
    if is_trigger:
        # The target was looked up before the body was read. A workflow may be gone since.
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
    unreadable = [verdict for verdict in credentials_shown if isinstance(verdict, Verdict)]
    if unreadable:
        return unreadable[0]
    return Verdict.WRONG if credentials_shown else Verdict.NONE

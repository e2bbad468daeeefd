"""Handle one call: attribute it, apply faults, run the gate's checks, and stage it with its runs.

Called under the engine's lock. Everything is staged in the journal on return; it becomes durable
when the engine commits.
"""

import logging
from collections.abc import Set
from typing import NamedTuple

from mock_qualtrics import ids
from mock_qualtrics.clock import TenantClock
from mock_qualtrics.errors import StoreFailedError
from mock_qualtrics.faults.effects import NO_EFFECT, ConnectionFault, FaultEffect
from mock_qualtrics.faults.fault_set import Counts
from mock_qualtrics.gate import checks, envelope, header_redaction, kept_parts
from mock_qualtrics.gate.attribution import Attribution, TriggerTarget, attribute
from mock_qualtrics.gate.checks import WHOAMI_PATH, Admitted, Question
from mock_qualtrics.gate.credentials import Verdict
from mock_qualtrics.gate.token_places import token_places
from mock_qualtrics.journal import UNATTRIBUTED, Journal, duplicates
from mock_qualtrics.model import Answer, Call, CallEntry, Microseconds, NewRun, Refusal, RequestRow
from mock_qualtrics.runs.scheduling import runs_started_by
from mock_qualtrics.settings import Settings
from mock_qualtrics.tenants.registry import TenantRegistry
from mock_qualtrics.tenants.tenant import Tenant
from mock_qualtrics.tenants.workflow import Workflow

_log = logging.getLogger(__name__)
SET_ASIDE = "this call's row was refused because of its data, and is set aside"
DUPLICATE_KEYS = "the body gives a key more than once: the last one counts"


class Receipt(NamedTuple):
    """What the server does once a call is committed.

    Attributes:
        answer: the answer as it is sent.
        connection_fault: what happens to the connection, instead of sending the answer normally.
        delay_seconds: how long the server waits before that, in real time.
        call_number: the call's number in the journal.
        received_at: when it was received, on the clock that it is journalled by.
    """

    answer: Answer
    connection_fault: ConnectionFault | None = None
    delay_seconds: float = 0.0
    call_number: int = 0
    received_at: Microseconds = 0


class _AttributedCall(NamedTuple):
    """A call with its tenant, workflow and request id, and the effect of faults on it."""

    call: Call
    attribution: Attribution[Tenant, Workflow]
    now: Microseconds
    request_id: str
    effect: FaultEffect


class CallHandler:
    """Handle calls.

    Args:
        settings: the server's settings.
        tenants: all tenants.
        journal: where calls and runs are staged.
        clock: the clock for calls that name no tenant.
    """

    def __init__(
        self, settings: Settings, tenants: TenantRegistry, journal: Journal, clock: TenantClock
    ) -> None:
        self._settings = settings
        self._tenants = tenants
        self._journal = journal
        self._clock = clock
        self._key = ids.seed_key(settings.seed)

    def take(self, call: Call, target: TriggerTarget[Tenant, Workflow] | None = None) -> Receipt:
        """Check and stage one call; return its answer.

        Args:
            call: the call.
            target: what its URL names, when it was looked up before.
        """
        attribution = attribute(call, self._tenants, target)
        tenant = attribution.tenant
        now = (self._clock if tenant is None else tenant.clock).now()
        effect = NO_EFFECT
        if tenant is not None and attribution.is_trigger and tenant.faults:
            effect = self._fault_effect(call, tenant, now)
        case = _AttributedCall(call, attribution, now, self._request_id(tenant), effect)
        if call.path == WHOAMI_PATH and call.method == "GET":
            answer = self._whoami(case)
        else:
            answer = self._trigger(case)
        return Receipt(
            effect.apply_to(answer),
            effect.connection_fault,
            effect.latency_seconds,
            self._journal.last_staged(),
            now,
        )

    def committed(self, *, durable: bool, set_aside: Set[int] = frozenset()) -> None:
        """Take note that this thread's calls were committed, or could not be.

        Args:
            durable: whether they were.
            set_aside: the numbers of those that the store refused because of their data.
        """

    def _request_id(self, tenant: Tenant | None) -> str:
        number, key = (UNATTRIBUTED, self._key) if tenant is None else (tenant.number, tenant.key)
        return ids.request_id(key, self._journal.next_sequence(number))

    def _fault_effect(self, call: Call, tenant: Tenant, now: Microseconds) -> FaultEffect:
        # Both counts are from before this call: it is staged only after the faults are chosen.
        digest = duplicates.digest(call.body)
        same_body = self._journal.count_seen(tenant.number, duplicates.fault_key(digest))
        counts = Counts(self._journal.counters(tenant.number).received, same_body)
        return tenant.faults.effect_on(call, digest, counts, now)

    def _trigger(self, case: _AttributedCall) -> Answer:
        verdict = case.effect.refusal or self._judge(case)
        if isinstance(verdict, Refusal):
            return self._refuse(case, verdict, trigger=case.attribution.is_trigger)
        return self._accept(case, verdict)

    def _judge(self, case: _AttributedCall) -> Refusal | Admitted:
        tenant = case.attribution.tenant
        answers = self._settings.answers if tenant is None else tenant.answers
        limit = case.effect.calls_per_minute
        return checks.judge(Question(case.call, case.attribution, case.now, answers, limit))

    def _whoami(self, case: _AttributedCall) -> Answer:
        tenant = case.attribution.tenant
        refusal = checks.CREDENTIAL_REFUSALS.get(case.attribution.verdict)
        if tenant is None or refusal is not None:
            refusal = refusal or checks.CREDENTIAL_REFUSALS[Verdict.WRONG]
            return self._refuse(case, refusal, trigger=False)
        answer = envelope.success(case.request_id, result=tenant.whoami())
        self._stage(self._row(case, answer, trigger=False))
        return answer

    def _refuse(self, case: _AttributedCall, refusal: Refusal, *, trigger: bool) -> Answer:
        tenant = case.attribution.tenant
        if tenant is not None and tenant.settings.count_refused and trigger:
            tenant.window.take(case.now)
        # For an unknown path an answer without a request id was observed (Q-URL-4).
        request_id = None if refusal is checks.UNKNOWN_PATH else case.request_id
        answer = envelope.failure(refusal, request_id)
        self._stage(self._row(case, answer, refusal, trigger=trigger))
        return answer

    def _accept(self, case: _AttributedCall, admitted: Admitted) -> Answer:
        tenant, workflow = case.attribution.tenant, case.attribution.workflow
        if tenant is None or workflow is None:
            raise AssertionError("the gate admits only calls that name a workflow")
        runs: tuple[NewRun, ...] = ()
        status = tenant.answers.disabled_status
        if workflow.enabled:
            status = tenant.answers.accepted_status
            runs = runs_started_by(tenant, workflow, self._journal, case.now, case.effect)
        note = DUPLICATE_KEYS if admitted.duplicate_keys else None
        answer = envelope.accepted(case.request_id, status)
        self._stage(self._accepted_row(case, tenant, answer, runs, note), runs)
        return answer

    def _accepted_row(
        self,
        case: _AttributedCall,
        tenant: Tenant,
        answer: Answer,
        runs: tuple[NewRun, ...],
        note: str | None,
    ) -> RequestRow:
        call, effect = case.call, case.effect
        trace_id = header_redaction.trace_id(call.headers)
        message = duplicates.message_key(trace_id, call.body)
        return RequestRow(
            case.request_id,
            tenant.number,
            case.now,
            call.method,
            call.path,
            None if effect.unanswered else answer.status,
            None,
            None,
            trace_id,
            header_redaction.harmless(call.headers),
            len(call.body),
            call.body,
            accepted=True,
            ignored=not runs,
            duplicate=self._journal.count_seen(tenant.number, message) > 0,
            note=note,
            query=kept_parts.kept_query(call.query),
            # It follows from the status, unless a fault has replaced it.
            answer=None if effect is NO_EFFECT else _kept_answer(effect, answer),
            token_places=token_places(call, tenant.api_token),
            faults="" if effect is NO_EFFECT else ",".join(effect.kinds),
        )

    def _row(
        self,
        case: _AttributedCall,
        answer: Answer,
        refusal: Refusal | None = None,
        *,
        trigger: bool,
    ) -> RequestRow:
        """Return the row of a call that starts no run; of its body only the beginning is kept."""
        call, tenant, effect = case.call, case.attribution.tenant, case.effect
        body, note = b"", None
        if tenant is not None and call.body:
            body, note = kept_parts.kept_body(call, self._settings.kept_body_bytes)
        return RequestRow(
            request_id=case.request_id,
            tenant_number=None if tenant is None else tenant.number,
            received_at=case.now,
            method=call.method,
            path=header_redaction.journalled_path(call.path),
            status=None if effect.unanswered else answer.status,
            error_code=None if refusal is None else refusal.error_code,
            reason=None if refusal is None else refusal.reason,
            trace_id=header_redaction.trace_id(call.headers),
            headers=header_redaction.harmless(call.headers),
            body_bytes=len(call.body),
            body=body,
            note=note,
            trigger=trigger,
            query=kept_parts.kept_query(call.query),
            answer=_kept_answer(effect, answer),
            token_places=None if tenant is None else token_places(call, tenant.api_token),
            faults=",".join(effect.kinds),
        )

    def _stage(self, row: RequestRow, runs: tuple[NewRun, ...] = ()) -> None:
        self._journal.stage(CallEntry(row, runs))


def answer_not_journalled(error: StoreFailedError) -> Answer:
    """Log why a call is not durable, and return its answer; it may be lost (Q-FAULT-2)."""
    _log.error("%s", error)
    return envelope.store_failed()


def _kept_answer(effect: FaultEffect, answer: Answer) -> str | None:
    return None if effect.unanswered else kept_parts.kept_answer(effect.apply_to(answer))

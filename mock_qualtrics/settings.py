"""The server's settings. The defaults are those of ``contracts/fidelity.toml``."""

from dataclasses import dataclass, field
from typing import Literal

Window = Literal["sliding", "fixed"]
Durability = Literal["process", "full"]
ClockKind = Literal["real", "virtual", "skipping"]


@dataclass(frozen=True, slots=True)
class Limits:
    """A brand's limits, by default the vendor's (Q-LIM-1, Q-LIM-3, Q-LIM-4).

    The rows of these facts in ``contracts/fidelity.toml`` say which page names each, and its date.

    Attributes:
        calls_per_minute: the calls that are admitted in a span.
        payload_bytes: the largest body.
        runs_per_day: the runs that are started in a day.
        window_seconds: the span: a minute at Qualtrics. A shorter one is for tests.
    """

    calls_per_minute: int = 3_000
    payload_bytes: int = 102_400
    runs_per_day: int = 300_000
    window_seconds: int = 60


@dataclass(frozen=True, slots=True)
class Answers:
    """Undocumented statuses and headers, and details of tasks. Each can be set.

    The control API and ``serve --assume`` have the same names, in camelCase.
    """

    accepted_status: int = 202  # Q-ENV-2
    disabled_status: int = 404  # Q-WF-1; with a 2xx status its calls are ignored
    unknown_trigger_status: int = 404  # Q-URL-5, Q-WF-1 (a draft)
    too_large_status: int = 413  # Q-LIM-3
    content_encoding_status: int = 415  # Q-LIM-3
    invalid_json_status: int = 400  # Q-BODY-1
    not_an_object_status: int = 400  # Q-BODY-1; with a 2xx status such a body is accepted
    media_type_status: int = 415  # Q-BODY-1
    missing_content_type_taken: bool = True  # Q-BODY-1
    wrong_method_status: int = 405  # Q-URL-1
    every_credential_counts: bool = True  # Q-AUTH-1
    retry_after: bool = False  # Q-LIM-2
    day_begins_at_minute: int = 0  # Q-LIM-4; of a day of UTC
    run_now_takes_from_the_day: bool = True  # Q-WF-7
    run_now_takes_live_settings: bool = True  # Q-WF-7; else those with the edits that wait
    web_service_seconds: int = 16  # Q-WF-8
    web_service_answer_bytes: int = 1_048_576  # Q-WF-8; 1 MB, read as 1,024 times 1,024 bytes


@dataclass(frozen=True, slots=True)
class Settings:
    """One server's settings.

    Attributes:
        store: ``memory``, ``sqlite:///PATH`` or ``postgresql+psycopg://…``.
        durability: ``process`` survives ``kill -9``; ``full`` also survives a power loss.
        seed: all ids, tokens and random choices derive from it.
        clock: the clock of new tenants.
        count_refused: whether refused calls count against the rate limit too.
        retention_days: how long Run history is kept, on the tenant's clock (Q-RUN-3).
        memory_rows: how many rows a store in memory keeps before it drops the oldest.
        memory_bytes: how many bytes it keeps before it does so.
        kept_body_bytes: how much is kept of the body of a call that starts nothing.
        wire_faults: whether faults may break connections.
        control_token: the token for the control API and the pages; None to require none.
        allowed_hosts: further names of this server, for the ``Host`` header.
        public_url: scheme, host and port under which others reach this server, without a slash at
            the end; None where that is the address that it listens at.
        ca_file: the file of the certificate authority that callers must trust, absolute, which the
            pages' curl lines name; None without ``--tls``.
        web_service_calls: whether ``web_service`` tasks make real calls.
        web_service_hosts: further hosts that they may call.
        log_calls: whether each call is a line on standard error.
    """

    store: str = "memory"
    durability: Durability = "process"
    seed: int = 0
    clock: ClockKind = "real"
    limits: Limits = field(default_factory=Limits)
    answers: Answers = field(default_factory=Answers)
    window: Window = "sliding"  # Q-LIM-5
    count_refused: bool = False  # Q-LIM-5
    retention_days: int = 30
    memory_rows: int = 100_000
    memory_bytes: int = 256_000_000
    kept_body_bytes: int = 16_384
    wire_faults: bool = False
    control_token: str | None = field(default=None, repr=False)
    allowed_hosts: tuple[str, ...] = ()
    public_url: str | None = None
    ca_file: str | None = None
    web_service_calls: bool = False
    web_service_hosts: tuple[str, ...] = ()
    log_calls: bool = False

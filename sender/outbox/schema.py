"""The outbox's tables and all SQL statements that the modules beside this one run.

Plain SQL with the standard library's driver instead of SQLAlchemy: an outbox is always SQLite, and
these few statements run for every message.
"""

PENDING, IN_FLIGHT, ACTIVATED, FAILED, UNCERTAIN, WITHDRAWN = range(6)
"""A message's states as stored. Existing outboxes hold these numbers, so they must not change."""

ACTIVATED_AUDIENCES = "activated"
"""In ``meta``: by destination, the audiences that were ever activated, and those last mapped."""

# In WAL mode with synchronous = NORMAL a commit survives the death of the process without an fsync
# for each; only a loss of power can undo the last commits.
PRAGMAS = (
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = NORMAL",
    "PRAGMA wal_autocheckpoint = 8000",
    "PRAGMA cache_size = -8192",
    "PRAGMA busy_timeout = 5000",
    "PRAGMA secure_delete = ON",  # messages are personal data: SECURITY.md
)

TABLES = (
    """
    CREATE TABLE IF NOT EXISTS meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID
    """,
    """
    CREATE TABLE IF NOT EXISTS runs (
        id INTEGER PRIMARY KEY,
        started_at REAL NOT NULL,
        processing_seconds REAL NOT NULL DEFAULT 0,
        source TEXT,
        rows_read INTEGER NOT NULL DEFAULT 0,
        source_finished INTEGER NOT NULL DEFAULT 0,
        broken_rows INTEGER NOT NULL DEFAULT 0,
        stopped_because TEXT,
        taken_over INTEGER NOT NULL DEFAULT 0,
        rows_expected INTEGER,
        paced_as TEXT,
        rate_intervals INTEGER NOT NULL DEFAULT 0,
        rate_seconds REAL NOT NULL DEFAULT 0
    )
    """,
    """
    CREATE TABLE IF NOT EXISTS calls (minute INTEGER PRIMARY KEY, calls INTEGER NOT NULL)
    """,
    """
    CREATE TABLE IF NOT EXISTS exclusions (
        run INTEGER NOT NULL, reason TEXT NOT NULL, count INTEGER NOT NULL,
        PRIMARY KEY (run, reason)
    ) WITHOUT ROWID
    """,
    """
    CREATE TABLE IF NOT EXISTS broken_rows (
        run INTEGER NOT NULL, source TEXT NOT NULL, line INTEGER, reason TEXT NOT NULL
    )
    """,
    """
    CREATE TABLE IF NOT EXISTS messages (
        seq INTEGER PRIMARY KEY,
        run INTEGER NOT NULL,
        trace_id TEXT NOT NULL,
        body BLOB,
        state INTEGER NOT NULL,
        attempts INTEGER NOT NULL DEFAULT 0,
        uncertain_attempts INTEGER NOT NULL DEFAULT 0,
        first_failed_at REAL,
        next_attempt_at REAL,
        error_code TEXT,
        description TEXT,
        after_seq INTEGER,
        waits INTEGER NOT NULL DEFAULT 0,
        status INTEGER
    )
    """,
    """
    CREATE INDEX IF NOT EXISTS messages_waiting ON messages (next_attempt_at)
    WHERE next_attempt_at IS NOT NULL
    """,
    """
    CREATE INDEX IF NOT EXISTS messages_after ON messages (after_seq) WHERE after_seq IS NOT NULL
    """,
    """
    CREATE TABLE IF NOT EXISTS profiles (
        key BLOB PRIMARY KEY, state TEXT NOT NULL, last_seq INTEGER NOT NULL
    ) WITHOUT ROWID
    """,
)

_MESSAGE = "seq, trace_id, body, attempts, first_failed_at"

INSERT_MESSAGE = """
    INSERT INTO messages (seq, run, trace_id, body, after_seq, waits, state)
    VALUES (?, ?, ?, ?, ?, ?, 0)
"""
# A state is [digest, audiences realized, audiences exited], see activation.ProfileState.
AUDIENCES_WITH_MEMBERS = """
    SELECT DISTINCT audience.value FROM profiles, json_each(profiles.state, '$[1]') AS audience
"""
UPSERT_PROFILE = "INSERT OR REPLACE INTO profiles (key, state, last_seq) VALUES (?, ?, ?)"
# A message and all earlier ones of its profile.
_EARLIER = """
    WITH RECURSIVE earlier (seq) AS (
        VALUES (?)
        UNION
        SELECT after_seq FROM messages JOIN earlier USING (seq) WHERE after_seq IS NOT NULL
    )
    SELECT seq FROM earlier
"""
PENDING_OF_PROFILE = f"""
    SELECT seq FROM messages WHERE state = 0 AND seq IN ({_EARLIER}) ORDER BY seq
"""  # noqa: S608  only constants are put in
# A message without a body is never sent again, whether it has failed or is still in flight.
WITHDRAW = f"""
    UPDATE messages SET body = NULL, next_attempt_at = NULL, waits = 0,
        state = CASE WHEN state <> 0 THEN state WHEN uncertain_attempts > 0 THEN 4 ELSE 5 END
    WHERE state IN (0, 1, 3) AND seq IN ({_EARLIER})
"""  # noqa: S608  only constants are put in
# What waits for a withdrawn message waits for the one before it, if that is still in flight.
SKIP_WITHDRAWN = """
    UPDATE messages SET after_seq = (SELECT gone.after_seq FROM messages AS gone WHERE seq = ?1)
    WHERE after_seq = ?1 AND EXISTS (
        SELECT 1 FROM messages AS gone JOIN messages AS before ON before.seq = gone.after_seq
        WHERE gone.seq = ?1 AND before.state = 1
    )
"""
MAKE_UNCERTAIN = "UPDATE messages SET state = 4 WHERE seq = ? AND uncertain_attempts > 0"
FORGET_UNSENT = """
    DELETE FROM profiles WHERE key = ? AND EXISTS (
        SELECT 1 FROM messages
        WHERE messages.seq = profiles.last_seq AND messages.state IN (1, 3, 5)
    )
"""
UPSERT_EXCLUSION = """
    INSERT INTO exclusions (run, reason, count) VALUES (?, ?, ?)
    ON CONFLICT (run, reason) DO UPDATE SET count = count + excluded.count
"""
INSERT_BROKEN_ROW = "INSERT INTO broken_rows (run, source, line, reason) VALUES (?, ?, ?, ?)"
ADVANCE_RUN = """
    UPDATE runs SET rows_read = rows_read + ?, broken_rows = broken_rows + ?, source_finished = ?
    WHERE id = ?
"""
NOTE_WORK = """
    UPDATE runs SET processing_seconds = processing_seconds + ?,
        rate_intervals = rate_intervals + ?, rate_seconds = rate_seconds + ?,
        rows_expected = coalesce(?, rows_expected)
    WHERE id = ?
"""
# Rates of different paces are not added up.
PACE_RUN = """
    UPDATE runs SET rate_intervals = 0, rate_seconds = 0, paced_as = ?1
    WHERE id = ?2 AND paced_as IS NOT ?1
"""
COUNT_CALLS = """
    INSERT INTO calls (minute, calls) VALUES (?, ?)
    ON CONFLICT (minute) DO UPDATE SET calls = calls + excluded.calls
"""
CALLS = "SELECT minute, calls FROM calls ORDER BY minute"
FORGET_CALLS = "DELETE FROM calls"
END_RUN = "UPDATE runs SET stopped_because = ? WHERE id = ?"

CLOCK = "SELECT CAST(value AS REAL) FROM meta WHERE name = ?"
# The conditions keep an ordinary start from writing every row.
MOVE_DUE = """
    UPDATE messages SET next_attempt_at = min(next_attempt_at - ?1, ?2)
    WHERE next_attempt_at IS NOT NULL AND (?1 > 0 OR next_attempt_at > ?2)
"""
MOVE_FIRST_FAILED = """
    UPDATE messages SET first_failed_at = min(first_failed_at - ?1, ?2)
    WHERE state IN (0, 1) AND first_failed_at IS NOT NULL AND (?1 > 0 OR first_failed_at > ?2)
"""

LEASE = "UPDATE messages SET state = 1, attempts = ?, next_attempt_at = NULL WHERE seq = ?"
# A message that was never sent is due at no instant: it is among the unsent ones.
UNLEASE = """
    UPDATE messages SET state = 0, attempts = ?1, next_attempt_at = CASE WHEN ?1 THEN ?2 END
    WHERE seq = ?3 AND body IS NOT NULL
"""
END_UNSENT = "UPDATE messages SET state = 5, attempts = ? WHERE seq = ?"
ACTIVATE = "UPDATE messages SET state = 2, body = NULL WHERE seq = ?"
RETRY = """
    UPDATE messages SET state = 0, next_attempt_at = ?, first_failed_at = ?,
        uncertain_attempts = uncertain_attempts + ?, error_code = ?, description = ?, status = ?
    WHERE seq = ? AND body IS NOT NULL
"""
END = """
    UPDATE messages SET state = ?, first_failed_at = ?,
        uncertain_attempts = uncertain_attempts + ?, error_code = ?, description = ?, status = ?
    WHERE seq = ?
"""

UNSENT = f"""
    SELECT {_MESSAGE} FROM messages
    WHERE seq > ? AND seq <= ? AND state = 0 AND next_attempt_at IS NULL AND NOT waits
    ORDER BY seq LIMIT ?
"""  # noqa: S608  only constants are put in
DUE = f"""
    SELECT {_MESSAGE} FROM messages
    WHERE next_attempt_at IS NOT NULL AND next_attempt_at <= ? AND NOT waits
    ORDER BY next_attempt_at LIMIT ?
"""  # noqa: S608  only constants are put in
INTERRUPTED = f"SELECT {_MESSAGE} FROM messages WHERE state = 1 ORDER BY seq"  # noqa: S608  constants
NEXT_DUE = """
    SELECT min(next_attempt_at) FROM messages WHERE next_attempt_at IS NOT NULL AND NOT waits
"""
PUT_IN_ORDER = """
    UPDATE messages SET waits = ? AND EXISTS (
        SELECT 1 FROM messages AS before
        WHERE before.seq = messages.after_seq AND before.state IN (0, 1)
    )
    WHERE after_seq IS NOT NULL AND state IN (0, 1)
"""
AWAITED = "SELECT after_seq FROM messages WHERE after_seq IS NOT NULL AND waits"
WAITING = f"SELECT {_MESSAGE}, next_attempt_at FROM messages WHERE after_seq = ? AND waits"  # noqa: S608  constants
RELEASE = "UPDATE messages SET waits = 0 WHERE after_seq = ? AND waits"
ADOPT = "UPDATE messages SET run = ? WHERE state IN (0, 1) AND run <> ?"
_CAN_BE_REPLAYED = "state = 3 AND body IS NOT NULL"
# Messages that are out of date because a later message of the same profile was delivered.
_IS_OUTDATED = """
    seq IN (
        WITH RECURSIVE outdated (seq) AS (
            SELECT after_seq FROM messages WHERE after_seq IS NOT NULL AND state = 2
            UNION
            SELECT later.after_seq FROM messages AS later JOIN outdated ON later.seq = outdated.seq
            WHERE later.after_seq IS NOT NULL
        )
        SELECT seq FROM outdated
    )
"""
LOST = f"""
    SELECT {_CAN_BE_REPLAYED} AND NOT {_IS_OUTDATED}, trace_id, state, attempts,
        uncertain_attempts, first_failed_at, error_code, description, body
    FROM messages WHERE state IN (3, 4) ORDER BY seq
"""  # noqa: S608  only constants are put in
FAILED_CODES = f"""
    SELECT error_code, count(*) FROM messages WHERE {_CAN_BE_REPLAYED} AND NOT {_IS_OUTDATED}
    GROUP BY error_code ORDER BY count(*) DESC, error_code
"""  # noqa: S608  only constants are put in
FAILED_BEFORE = f"""
    SELECT count(*) FROM messages
    WHERE run <> ? AND {_CAN_BE_REPLAYED} AND (? IS NULL OR error_code = ?) AND NOT {_IS_OUTDATED}
"""  # noqa: S608  only constants are put in
TAKE_OVER = "UPDATE runs SET taken_over = taken_over + ? WHERE id = ?"
REPLAY = f"""
    UPDATE messages SET run = ?, state = 0, attempts = 0, first_failed_at = NULL,
        next_attempt_at = NULL
    WHERE {_CAN_BE_REPLAYED} AND (? IS NULL OR error_code = ?) AND NOT {_IS_OUTDATED}
"""  # noqa: S608  only constants are put in

# Sums instead of GROUP BY: grouping sorts all messages, and its memory would grow with the outbox.
COUNT_STATES = """
    SELECT total(state = 0), total(state = 1), total(state = 2), total(state = 3), total(state = 4),
        total(state = 5)
    FROM messages WHERE run = ?
"""
COUNT_FAILED = """
    SELECT error_code, count(*), min(description), status FROM messages WHERE run = ? AND state = 3
    GROUP BY error_code, status ORDER BY count(*) DESC, error_code, status
"""
COUNT_EXCLUDED = "SELECT reason, count FROM exclusions WHERE run = ? ORDER BY count DESC, reason"
UNCERTAIN_ATTEMPTS = "SELECT coalesce(sum(uncertain_attempts), 0) FROM messages"
IS_UNFINISHED = "SELECT state IN (0, 1) FROM messages WHERE seq = ?"
UNFINISHED = "SELECT count(*) FROM messages WHERE state IN (0, 1)"
SENDABLE = "SELECT count(*) FROM messages WHERE state IN (0, 1, 3) AND body IS NOT NULL"
LAST_RUN = """
    SELECT id, started_at, processing_seconds, source, rows_read, source_finished, broken_rows,
        stopped_because, taken_over, rows_expected, rate_intervals, rate_seconds
    FROM runs ORDER BY id DESC LIMIT 1
"""
BROKEN_ROWS = "SELECT source, line, reason FROM broken_rows WHERE run = ? ORDER BY rowid"
TRACES = """
    SELECT trace_id, state, attempts, uncertain_attempts, body FROM messages ORDER BY seq
"""

"""The tables of the history, made to be read at a prompt: one column for one fact.

Migrations are only ever appended. `PRAGMA user_version` counts those that a file has had.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from sqlite_utils import Database

APPLICATION_ID: Final = 0x45424931
"""`EBI1`: marks the file as a history, so that another program's database is not taken for one."""


def _deliveries(db: "Database") -> None:
    db.execute("""
        CREATE TABLE events (              -- each event once, however often it was delivered
          id INTEGER PRIMARY KEY,
          digest TEXT NOT NULL UNIQUE,     -- SHA-256 of document
          event_id TEXT NOT NULL,
          source TEXT NOT NULL,
          detail_type TEXT NOT NULL,
          document TEXT NOT NULL           -- the envelope, JSON
        )""")
    db.execute("""
        CREATE TABLE requests (            -- each request once; its payload is the delivery's
          id INTEGER PRIMARY KEY,
          digest TEXT NOT NULL UNIQUE,     -- SHA-256 of document
          method TEXT NOT NULL,
          url TEXT NOT NULL,               -- secrets masked
          document TEXT NOT NULL           -- all parts with their provenance, secrets null, JSON
        )""")
    db.execute("""
        CREATE TABLE deliveries (
          seq INTEGER PRIMARY KEY AUTOINCREMENT,
          delivery_id TEXT NOT NULL UNIQUE,
          created_at TEXT NOT NULL,        -- UTC, as every time here
          started_at TEXT,
          ended_at TEXT,
          state TEXT NOT NULL CHECK (state IN
            ('in-flight', 'delivered', 'dead-lettered', 'dropped', 'abandoned', 'interrupted')),
          event INTEGER NOT NULL REFERENCES events(id),
          route TEXT NOT NULL,
          rule TEXT NOT NULL,
          rule_arn TEXT NOT NULL,
          event_bus TEXT NOT NULL,
          target_id TEXT NOT NULL,
          target_arn TEXT NOT NULL,
          destination TEXT NOT NULL,
          connection TEXT NOT NULL,
          authorization_type TEXT NOT NULL,
          dead_letter_arn TEXT NOT NULL,
          method TEXT NOT NULL,
          url TEXT NOT NULL,               -- secrets masked
          request INTEGER REFERENCES requests(id),
          payload_verdict TEXT NOT NULL,
          payload_mode TEXT NOT NULL,
          payload_reason TEXT NOT NULL,
          payload_fault_at INTEGER,
          payload_assumptions TEXT NOT NULL,  -- JSON
          maximum_retry_attempts INTEGER NOT NULL,
          maximum_event_age_in_seconds INTEGER NOT NULL,
          attempts INTEGER NOT NULL DEFAULT 0,
          retry_attempts INTEGER NOT NULL DEFAULT 0,
          last_status INTEGER,
          error_code TEXT NOT NULL DEFAULT '',
          error_message TEXT NOT NULL DEFAULT '',
          exhausted TEXT,
          why TEXT NOT NULL DEFAULT '',
          replay_of TEXT NOT NULL DEFAULT '',
          comparison TEXT NOT NULL DEFAULT '',
          note TEXT NOT NULL DEFAULT '',
          owner_pid INTEGER NOT NULL,
          owner_started TEXT NOT NULL,     -- when that process began: process ids are used again
          -- Long ones last: SQLite then reads what a list shows without them.
          payload TEXT NOT NULL,
          payload_placeholders TEXT NOT NULL, -- JSON
          dead_letter TEXT                 -- JSON
        )""")
    db.execute("CREATE INDEX deliveries_event ON deliveries(event)")
    db.execute("CREATE INDEX deliveries_request ON deliveries(request)")
    db.execute("CREATE INDEX deliveries_state ON deliveries(state)")
    db.execute("""
        CREATE TABLE attempts (
          id INTEGER PRIMARY KEY,
          delivery INTEGER NOT NULL REFERENCES deliveries(seq) ON DELETE CASCADE,
          number INTEGER NOT NULL,
          attempt_type TEXT NOT NULL,      -- FIRST, RETRY
          state TEXT NOT NULL CHECK (state IN ('in-flight', 'success', 'retriable', 'final', 'interrupted')),
          announced_at TEXT,               -- recorded before the first byte left
          started_at TEXT,
          ended_at TEXT,
          announced_request INTEGER REFERENCES requests(id),
          request INTEGER REFERENCES requests(id), -- as sent
          status INTEGER,
          reason TEXT,
          http_version TEXT,
          response_headers TEXT,           -- JSON, in the order received
          response_body BLOB,              -- TEXT where it is text
          response_bytes INTEGER,          -- on the wire
          response_cut INTEGER,
          response_note TEXT,
          connect_ms REAL, tls_ms REAL, send_ms REAL, wait_ms REAL, read_ms REAL, total_ms REAL,
          error_kind TEXT,
          error_message TEXT,
          class_rule TEXT,                 -- why it counts as success, retriable or final
          error_code TEXT,
          assumptions TEXT,                -- JSON
          decision TEXT,                   -- retry, give up
          decision_seconds REAL,
          decision_why TEXT,
          decision_exhausted TEXT,
          decision_assumptions TEXT,       -- JSON
          remote_address TEXT,
          tls TEXT,                        -- version and certificate
          token_exchange TEXT,             -- JSON, masked
          UNIQUE (delivery, number)
        )""")
    db.execute("CREATE INDEX attempts_status ON attempts(status, delivery)")
    db.execute("CREATE INDEX attempts_request ON attempts(request)")
    db.execute("CREATE INDEX attempts_announced_request ON attempts(announced_request)")
    db.execute("""
        CREATE TABLE waits (               -- between two attempts
          id INTEGER PRIMARY KEY,
          delivery INTEGER NOT NULL REFERENCES deliveries(seq) ON DELETE CASCADE,
          next_attempt INTEGER NOT NULL,
          started_at TEXT NOT NULL,
          until TEXT NOT NULL,
          seconds REAL NOT NULL,
          why TEXT NOT NULL,
          ended_at TEXT,
          skipped INTEGER
        )""")
    db.execute("CREATE INDEX waits_delivery ON waits(delivery, id)")


_SEARCHED: Final = {
    # index: (its source, the source's rowid, its columns)
    "events_text": ("events", "id", ("event_id", "source", "detail_type", "document")),
    "deliveries_text": (
        "deliveries",
        "seq",
        ("delivery_id", "route", "rule", "destination", "connection", "url", "payload", "note"),
    ),
    "attempts_text": ("attempts", "id", ("response_body", "error_message")),
}


def _search(db: "Database") -> None:
    """Full-text indexes that keep no copy of the text; triggers hold them to their tables."""
    for index, (source, key, columns) in _SEARCHED.items():
        names = ", ".join(columns)

        def values(row: str, columns: tuple[str, ...] = columns) -> str:
            return ", ".join(_searchable(f"{row}.{column}") for column in columns)

        shown = ", ".join(f"{_searchable(f's.{column}')} AS {column}" for column in columns)
        db.execute(f"CREATE VIEW {index}_source AS SELECT s.{key} AS {key}, {shown} FROM {source} s")  # noqa: S608
        db.execute(
            f"CREATE VIRTUAL TABLE {index} USING fts5({names}, content='{index}_source', "
            f"content_rowid='{key}', tokenize='unicode61 remove_diacritics 2')"
        )
        insert = f"INSERT INTO {index}(rowid, {names}) VALUES (new.{key}, {values('new')});"  # noqa: S608
        delete = (
            f"INSERT INTO {index}({index}, rowid, {names}) VALUES ('delete', old.{key}, {values('old')});"  # noqa: S608
        )
        db.execute(f"CREATE TRIGGER {index}_in AFTER INSERT ON {source} BEGIN {insert} END")
        db.execute(f"CREATE TRIGGER {index}_out AFTER DELETE ON {source} BEGIN {delete} END")
        db.execute(
            f"CREATE TRIGGER {index}_change AFTER UPDATE OF {names} ON {source} BEGIN {delete} {insert} END"
        )
        db.execute(f"INSERT INTO {index}({index}) VALUES ('rebuild')")  # noqa: S608


def _searchable(column: str) -> str:
    """Binary bodies are not searched, long ones only in their first 64 Ki characters."""
    return f"CASE WHEN typeof({column}) = 'text' THEN substr({column}, 1, 65536) ELSE '' END"


def _batches(db: "Database") -> None:
    db.execute("""
        CREATE TABLE batches (             -- runs over many events
          id INTEGER PRIMARY KEY,
          batch_id TEXT NOT NULL UNIQUE,
          created_at TEXT NOT NULL,
          ended_at TEXT,                   -- of the last run; null while it runs, or when it was killed
          kind TEXT NOT NULL CHECK (kind IN ('send', 'replay')),
          source TEXT NOT NULL,            -- the file, or the search of the history
          fingerprint TEXT NOT NULL,       -- tells whether the source is still the same
          settings TEXT NOT NULL           -- what a resume takes up again, JSON
        )""")
    db.execute("""
        CREATE TABLE batch_items (         -- what of a batch was begun
          batch INTEGER NOT NULL REFERENCES batches(id) ON DELETE CASCADE,
          position INTEGER NOT NULL,       -- of the event in the source
          route TEXT NOT NULL,
          delivery INTEGER REFERENCES deliveries(seq) ON DELETE SET NULL,
          PRIMARY KEY (batch, position, route)
        ) WITHOUT ROWID""")
    db.execute("CREATE INDEX batch_items_delivery ON batch_items(delivery)")


def _words_of_attempts(db: "Database") -> None:
    """An attempt enters its index when it has a word: when it ends, and not with every change before."""
    index, (source, key, columns) = "attempts_text", _SEARCHED["attempts_text"]
    names = ", ".join(columns)

    def values(row: str) -> str:
        return ", ".join(_searchable(f"{row}.{column}") for column in columns)

    def has_words(row: str) -> str:
        return " OR ".join(f"{row}.{column} <> ''" for column in columns)

    for trigger in ("in", "out", "change"):
        db.execute(f"DROP TRIGGER {index}_{trigger}")
    db.execute(f"DROP VIEW {index}_source")
    shown = ", ".join(f"{_searchable(f's.{column}')} AS {column}" for column in columns)
    db.execute(
        f"CREATE VIEW {index}_source AS SELECT s.{key} AS {key}, {shown} FROM {source} s "  # noqa: S608
        f"WHERE {has_words('s')}"
    )
    insert = (
        f"INSERT INTO {index}(rowid, {names}) SELECT new.{key}, {values('new')} WHERE {has_words('new')};"
    )
    delete = (
        f"INSERT INTO {index}({index}, rowid, {names}) "
        f"SELECT 'delete', old.{key}, {values('old')} WHERE {has_words('old')};"
    )
    db.execute(f"CREATE TRIGGER {index}_in AFTER INSERT ON {source} BEGIN {insert} END")
    db.execute(f"CREATE TRIGGER {index}_out AFTER DELETE ON {source} BEGIN {delete} END")
    db.execute(
        f"CREATE TRIGGER {index}_change AFTER UPDATE OF {names} ON {source} BEGIN {delete} {insert} END"
    )
    db.execute(f"INSERT INTO {index}({index}) VALUES ('rebuild')")  # noqa: S608


def _lookups(db: "Database") -> None:
    db.execute("ALTER TABLE attempts ADD COLUMN dns_ms REAL")


def _replays(db: "Database") -> None:
    db.execute("CREATE INDEX deliveries_replay_of ON deliveries(replay_of) WHERE replay_of <> ''")


MIGRATIONS: Final[tuple[Callable[["Database"], None], ...]] = (
    _deliveries,
    _search,
    _batches,
    _words_of_attempts,
    _lookups,
    _replays,
)

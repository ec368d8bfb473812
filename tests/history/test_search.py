"""The search of the history: words and terms."""

import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from inspector.eventbridge.payload import Payload
from inspector.history import History, QueryError
from inspector.history.query import TERMS, help_text
from tests.history.deliveries import (
    NAMES,
    START,
    answer,
    dead_lettered,
    delivered,
    event,
    new_delivery,
    record,
    run,
)


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[History]:
    store = History(tmp_path_factory.mktemp("history") / "h.sqlite3", now=lambda: START + timedelta(hours=1))
    record(store, new_delivery("retried"), delivered("retried"))
    basic = replace(
        NAMES,
        rule="invoices",
        route="invoices/erp",
        target_id="erp",
        destination="erp_hook",
        connection="erp",
        authorization_type="BASIC",
    )
    other = event(2, note='Großer "Kunde" 100%', city="São Paulo") | {
        "source": "billing",
        "detail-type": "Paid",
    }
    record(
        store,
        new_delivery("dead", names=basic, event=other, created_at=START - timedelta(days=2)),
        dead_lettered("dead"),
    )
    record(
        store,
        new_delivery("replay", replay_of="retried", payload=Payload("deliver", "ping → pong", "Input")),
        run("replay", (answer(202, b"thanks, accepted ticket-77"), None)),
    )
    yield store
    store.close()


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", "replay dead retried"),
        ("   ", "replay dead retried"),
        # words: event, payload, answers, names; any case, the beginning of a word is enough
        ("ord-2", "dead"),
        ("ORD-2", "dead"),
        ("kund", "dead"),
        ("sao", "dead"),
        ("pong", "replay"),
        ("ticket-77", "replay"),
        ("ticket 77", "replay"),
        ("accepted pong", "replay"),
        ('"thanks, accepted"', "replay"),
        ('"accepted thanks"', ""),
        ("erp_hook", "dead"),
        ("refused", "retried"),
        ("nowhere-at-all", ""),
        ("-pong", "dead retried"),
        ("-pong -ord-2", "retried"),
        # what looks like syntax of FTS5 is text
        ("AND", ""),
        ("NOT pong", ""),
        ("pong*", "replay"),
        ("p(on", ""),
        ('"^pong"', "replay"),
        ("document:ord", None),
        ('"document:ord"', ""),
        ("→", "replay"),
        ("%", "dead"),
        ("https://crm.example.com", "replay dead retried"),
        # terms
        ("status:503", "retried"),
        ("status:5xx", "dead retried"),
        ("status:2XX", "replay retried"),
        ("status:none", "retried"),
        ("-status:5xx", "replay"),
        ("state:delivered", "retried"),
        ("state:dead", "dead"),
        ("state:in-flight", "replay"),
        ("state:d", "dead retried"),
        ("rule:orders", "replay retried"),
        ("rule:ord", "replay retried"),
        ("rule:*ders", "replay retried"),
        ("rule:ders*", ""),
        ("target:erp", "dead"),
        ("destination:erp_hook", "dead"),
        ("destination:erp-hook", ""),
        ("connection:crm", "replay retried"),
        ("auth:oauth", "replay retried"),
        ("auth:BASIC", "dead"),
        ("auth:api_key", ""),
        ("method:post", "replay dead retried"),
        ("method:GET", ""),
        ("url:example.com/v1", "replay dead retried"),
        ("source:billing", "dead"),
        ("type:orderplaced", "replay retried"),
        ('type:"OrderPlaced"', "replay retried"),
        ("event:event-2", "dead"),
        ("error:NO_RES", "dead"),
        ("attempts:3", "retried"),
        ("attempts:>1", "dead retried"),
        ("attempts:<=1", "replay"),
        ("since:2h", "replay retried"),
        ("before:2h", "dead"),
        ("since:2025-02-28T00:00+00:00", "replay retried"),
        ("since:1w before:1d", "dead"),
        ("replay:yes", "replay"),
        ("replay:no -state:delivered", "dead"),
        ("Status:503", "retried"),
        # refused
        ("status:abc", None),
        ("status:5x", None),
        ("state:lost", None),
        ("auth:digest", None),
        ("since:yesterday", None),
        ("attempts:many", None),
        ("replay:maybe", None),
        ("colour:red", None),
        ('"open', None),
        ('a"b', None),
        ("status:", None),
    ],
)
def test_finds(filled: History, query: str, found: str | None) -> None:
    if found is None:
        with pytest.raises(QueryError) as caught:
            filled.page(query)
        assert query.strip('"') in str(caught.value)
        assert caught.value.hint
        return
    assert [summary.delivery_id for summary in filled.page(query)] == found.split()
    assert filled.count(query) == len(found.split())


@pytest.mark.parametrize("character", [chr(code) for code in range(0x20, 0x7F)] + ["\0", "\ud83d", "☃", "\t"])
def test_no_character_breaks_the_search(filled: History, character: str) -> None:
    for query in (character, f"a{character}", f"{character}b", f'"{character}"', f"-{character}c"):
        try:
            assert filled.count(query) <= 3
        except QueryError:
            continue


def test_help_explains_every_term() -> None:
    for term in TERMS:
        assert f"{term.name}:" in help_text()
        assert term.help in help_text()
    assert max(map(len, help_text().splitlines())) <= 100


class TestPaging:
    @pytest.fixture(scope="class")
    def big(self, tmp_path_factory: pytest.TempPathFactory) -> Path:
        """20,000 deliveries, made by copying one row."""
        path = tmp_path_factory.mktemp("big") / "h.sqlite3"
        store = History(path)
        record(store, new_delivery("seed"), delivered("seed"))
        store.close()
        connection = sqlite3.connect(path)
        columns = [
            row[1]
            for row in connection.execute("PRAGMA table_info(deliveries)")
            if row[1] not in ("seq", "delivery_id")
        ]
        names = ", ".join(columns)
        connection.execute(
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 19999) "
            f"INSERT INTO deliveries (delivery_id, {names}) SELECT 'copy-' || i, {names} FROM deliveries, n"
        )
        connection.commit()
        connection.close()
        return path

    def test_pages_follow_each_other_without_gap(self, big: Path) -> None:
        store = History(big)
        first = store.page(limit=150)
        second = store.page(limit=150, before=first[-1].key)
        assert [summary.key for summary in first + second] == list(range(20000, 19700, -1))
        assert store.page(before=2)[0].delivery_id == "seed"
        assert store.page(before=1) == []
        assert store.count() == 20000
        store.close()

    @pytest.mark.parametrize(
        "query", ["", "state:delivered", "rule:orders", "ord-1", "status:503", "since:2h"]
    )
    def test_a_page_is_read_from_an_index(self, big: Path, query: str) -> None:
        with sqlite3.connect(big) as connection:
            traced: list[str] = []
            store = History(big)
            store.page(query, before=10_000)
            assert store._reader is not None
            store._reader.conn.set_trace_callback(traced.append)
            store.page(query, before=10_000)
            statement = next(sql for sql in traced if "ORDER BY d.seq" in sql)
            steps = [row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {statement}")]
            store.close()
        assert any(step.startswith("SEARCH d USING") and "rowid<?" in step for step in steps), steps
        assert not any(step.startswith("SCAN d ") or step == "SCAN d" for step in steps), steps
        # What a word finds is gathered from three indexes first.
        assert any("TEMP B-TREE FOR ORDER BY" in step for step in steps) == (query == "ord-1"), steps
        assert "OFFSET" not in statement


def test_which_were_delivered_when_they_were_sent_again(history: History) -> None:
    """Only those that are asked about are looked up, however many there are."""
    for number in range(3):
        record(history, new_delivery(f"lost-{number}"), dead_lettered(f"lost-{number}"))
    record(history, new_delivery("again-0", replay_of="lost-0"), delivered("again-0"))
    record(history, new_delivery("again-1", replay_of="lost-1"), dead_lettered("again-1"))
    record(history, new_delivery("again-2", replay_of="lost-2"), delivered("again-2"))
    asked = ("lost-0", "lost-1", *(f"other-{number}" for number in range(600)))
    assert history.redelivered(asked) == {"lost-0"}
    assert history.redelivered(()) == frozenset()

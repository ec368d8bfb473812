"""Which dead letters were sent again and then delivered: by the history, or by what a redrive notes."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from inspector.config.dead_letters import HeldLetter, load_letters
from inspector.history import History
from inspector.workbench.deadletters import redriven
from tests.deadletters.letters import ATTRIBUTES, message
from tests.history.deliveries import dead_lettered, delivered, new_delivery, record


@pytest.fixture
def history(tmp_path: Path) -> Iterator[History]:
    store = History(tmp_path / "history.sqlite3")
    yield store
    store.close()


def held(folder: Path, *ids: str) -> tuple[HeldLetter, ...]:
    """Letters of a file with these ids."""
    path = folder / "queue.json"
    messages = [message("{}", message_id=one, attributes=ATTRIBUTES) for one in ids]
    path.write_text(json.dumps({"Messages": messages}))
    return load_letters(path)


def test_deliveries_are_asked_about_by_their_ids(history: History) -> None:
    for number in range(2):
        record(history, new_delivery(f"lost-{number}"), dead_lettered(f"lost-{number}"))
    record(history, new_delivery("again", replay_of="lost-1"), delivered("again"))
    assert redriven(history, history.page("state:dead-lettered")) == {"lost-1"}
    assert redriven(history, ()) == frozenset()


@pytest.mark.parametrize("others", [pytest.param(0, id="one by one"), pytest.param(300, id="very many")])
def test_messages_are_found_by_the_note(history: History, tmp_path: Path, others: int) -> None:
    """The id has to be the whole of it: `m-1` is not `m-10`; what was not delivered does not count."""
    for number, (note, steps) in enumerate(
        (
            ("redrive of dead letter m-10 (queue.json #1)", delivered),
            ("redrive of dead letter m-2 (queue.json #2)", dead_lettered),
            ('redrive of dead letter "q" (queue.json #3)', delivered),
        )
    ):
        record(history, new_delivery(f"d-{number}", note=note), steps(f"d-{number}"))
    ids = ("m-1", "m-10", "m-2", '"q"', *(f"x-{number}" for number in range(others)))
    assert redriven(history, held(tmp_path, *ids)) == {"m-10", '"q"'}

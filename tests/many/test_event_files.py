"""Files of many events are read one event at a time, whatever their form and length."""

import gzip
import io
import json
import sys
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import pytest

from inspector.config.event_files import EventDocument, EventFile, EventFileError
from inspector.jsontext import JsonValue

EVENTS: list[JsonValue] = [
    {"source": "shop", "detail-type": "Order", "detail": {"n": n, "note": "ü" * (37 * n)}} for n in range(300)
]


def array(events: list[JsonValue]) -> str:
    return json.dumps(events)


def indented(events: list[JsonValue]) -> str:
    return json.dumps(events, indent=2, ensure_ascii=False)


def lines(events: list[JsonValue]) -> str:
    return "".join(json.dumps(event) + "\n" for event in events)


def entries(events: list[JsonValue]) -> str:
    return json.dumps({"Entries": events})


def mixed(events: list[JsonValue]) -> str:
    return array(events[:100]) + "\n" + lines(events[100:200]) + entries(events[200:])


@pytest.mark.parametrize("packed", [False, True], ids=["plain", "gzip"])
@pytest.mark.parametrize("form", [array, indented, lines, entries, mixed])
def test_every_form_gives_the_same_events(
    form: Callable[[list[JsonValue]], str], packed: bool, tmp_path: Path
) -> None:
    data = form(EVENTS).encode()
    path = tmp_path / "events"
    path.write_bytes(gzip.compress(data) if packed else data)
    found = list(EventFile(str(path)))
    assert [event.document for event in found] == EVENTS
    assert [event.position for event in found] == list(range(len(EVENTS)))


FAULTS = [
    pytest.param('[{"a": 1}\n', 1, "Expecting ',' delimiter (line 2, column 1)", id="array not closed"),
    pytest.param('{"a": 1}\nx', 1, "Expecting value (line 2, column 1)", id="a second line of text"),
    pytest.param("[1, 2,, 3]", 2, "Expecting value (line 1, column 7)", id="two commas"),
    pytest.param("[1 2]", 1, "Expecting ',' delimiter (line 1, column 4)", id="no comma"),
    pytest.param("[1,", 1, "Expecting value (line 1, column 4)", id="nothing behind a comma"),
    pytest.param('{"a": "' + "x" * 200_000, 0, "Unterminated string (line 1, column 7)", id="long string"),
    pytest.param(
        "{'a': 1}",
        0,
        "Expecting property name enclosed in double quotes (line 1, column 2)",
        id="single quotes",
    ),
    pytest.param(lines(EVENTS) + '{"a": nope}', 300, "Expecting value (line 301, column 7)", id="far behind"),
]


@pytest.mark.parametrize(("text", "read", "why"), FAULTS)
def test_what_is_no_json_is_told_with_its_place(text: str, read: int, why: str, tmp_path: Path) -> None:
    path = tmp_path / "events.json"
    path.write_text(text)
    found: list[EventDocument] = []
    with pytest.raises(EventFileError) as told:
        found.extend(EventFile(str(path)))
    assert str(told.value) == f"{path}: not valid JSON: {why}"
    assert len(found) == read


def test_a_number_longer_than_a_piece_is_one_number(tmp_path: Path) -> None:
    path = tmp_path / "events.json"
    path.write_text("[" + "9" * 70_000 + "]")
    assert len(list(EventFile(str(path)))) == 1
    path.write_text("")
    assert list(EventFile(str(path))) == []


def test_what_cannot_be_read_is_told(tmp_path: Path) -> None:
    broken, binary = tmp_path / "broken.gz", tmp_path / "binary"
    broken.write_bytes(gzip.compress(lines(EVENTS).encode())[:-20])
    binary.write_bytes(b'{"a": 1}\n\xff\xfe')
    for path, why in (
        (broken, "is broken gzip"),
        (binary, "is not UTF-8 text (byte 9)"),
        (tmp_path / "none", "cannot be read: No such file or directory"),
    ):
        with pytest.raises(EventFileError) as told:
            list(EventFile(str(path)))
        assert why in str(told.value)


def test_stdin_is_read_like_a_file(monkeypatch: pytest.MonkeyPatch) -> None:
    stream = io.TextIOWrapper(io.BytesIO(lines(EVENTS).encode()), encoding="utf-8")
    monkeypatch.setattr(sys, "stdin", stream)
    file = EventFile("-")
    assert len(list(file)) == len(EVENTS)
    assert file.name == "stdin"


def test_memory_is_bounded_whatever_the_length(tmp_path: Path) -> None:
    path = tmp_path / "many.json"
    event = json.dumps({"source": "shop", "detail": {"note": "n" * 500}})
    with path.open("w") as file:
        file.write("[" + event)
        for _ in range(20_000):
            file.write("," + event)
        file.write("]")
    assert path.stat().st_size > 10_000_000
    tracemalloc.start()
    try:
        read = sum(1 for _ in EventFile(str(path)))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert read == 20_001
    assert peak < 2_000_000


def test_how_much_has_been_read_is_known(tmp_path: Path) -> None:
    path = tmp_path / "many.jsonl"
    path.write_text(lines(EVENTS))
    file = EventFile(str(path))
    fractions = [file.fraction, *(file.fraction for _ in file)]
    assert fractions[0] is None
    known = [fraction for fraction in fractions if fraction is not None]
    assert 0 < known[0] < 1
    assert known == sorted(known)


def test_a_file_that_changes_is_another(tmp_path: Path) -> None:
    path = tmp_path / "many.jsonl"
    path.write_text(lines(EVENTS))
    before = EventFile(str(path)).fingerprint()
    assert EventFile(str(path)).fingerprint() == before != ""
    path.write_text(lines(EVENTS[1:]))
    assert EventFile(str(path)).fingerprint() != before

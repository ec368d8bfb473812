"""Dead letters: listed, explained, mended, sent again."""

import json
import uuid
from collections.abc import Callable
from dataclasses import replace
from itertools import count
from pathlib import Path

import pytest
from textual.pilot import Pilot

from inspector.delivery.events import InvocationEnd
from inspector.history import History
from inspector.tui.app import InspectorApp
from inspector.tui.screens.dead_letters import DeadLettersScreen
from inspector.tui.screens.searched_list import SearchedList
from inspector.tui.widgets.editor import JsonEditor
from inspector.tui.widgets.paged_list import PagedList
from tests.deadletters.letters import ATTRIBUTES, ENVELOPE, message
from tests.history.deliveries import DEAD, START, dead_lettered, delivered, new_delivery, record
from tests.tui.screens.conftest import SIZES, see, settle, text_of, until
from tests.tui.screens.shop import ARN, CANARIES, SCRIPTS, Shop, answer, write_shop

WIDE, NARROW = (140, 40), (80, 24)
WAREHOUSE = {
    **ATTRIBUTES,
    "RULE_ARN": f"{ARN}:rule/order-placed",
    "TARGET_ARN": f"{ARN}:api-destination/warehouse-orders/1",
}
CRM = {
    **ATTRIBUTES,
    "RULE_ARN": f"{ARN}:rule/big-orders",
    "TARGET_ARN": f"{ARN}:api-destination/crm-contacts/3",
    "ERROR_CODE": "NO_RESOURCE",
}
UNSENT = {
    **{name: value for name, value in WAREHOUSE.items() if name != "EXHAUSTED_RETRY_CONDITION"},
    "ERROR_CODE": "INVALID_JSON",
    "ERROR_MESSAGE": "Invalid input for target.",
    "RETRY_ATTEMPTS": "0",
}
HOSTILE = ("[/]", "[@click=app.quit]x[/]", "\x1b]0;owned\x07", "\u202egnp")
LOSING = {**SCRIPTS, "warehouse.example.com": [*[answer(503)] * 5, answer(200, {"accepted": True})]}

LOST = InvocationEnd(START, DEAD)


@pytest.fixture
def losing(_same_everywhere: None, monkeypatch: pytest.MonkeyPatch) -> Shop:
    """The shop, whose warehouse fails until a delivery is lost, and then works; ids are counted."""
    numbers = count(1)
    monkeypatch.setattr(uuid, "uuid4", lambda: uuid.UUID(int=next(numbers)))
    write_shop(Path("shop"))
    return Shop(Path("shop"), db=Path("history.sqlite3"), scripts=LOSING)


@pytest.fixture
def queue(losing: Shop) -> Shop:
    """The same, with a file of messages."""
    messages = [
        message('{"order": "o-9", "total": 3}', message_id="m-1", attributes=WAREHOUSE),
        message('{"order": ', message_id="m-2", attributes=UNSENT),
        message(json.dumps(ENVELOPE), message_id="m-3", attributes=CRM),
        message('{"customer": "c-7"}', message_id="m-4", attributes=CRM),
        message('{"free": true}', message_id="m-5", attributes={}),
    ]
    Path("queue.json").write_text(json.dumps({"Messages": messages}))
    losing.endpoints.sent.clear()
    return losing


@pytest.fixture
def accepting(queue: Shop) -> Shop:
    """The queue beside endpoints that take everything."""
    return Shop(Path("shop"), db=Path("history.sqlite3"))


async def lost_one(pilot: "Pilot[None]") -> None:
    """Lose a delivery and open the dead letters."""
    await see(pilot, "✔ valid")
    await pilot.press("s")
    await see(pilot, "503 dropped")
    await settle(pilot)
    await pilot.press("l")
    await see(pilot, "order-placed → ware")
    await settle(pilot)


async def opened(pilot: "Pilot[None]", name: str = "queue.json") -> None:
    """Open a file of messages."""
    await settle(pilot)
    await pilot.press("l")
    await see(pilot, "f reads a file")
    await pilot.press("f")
    await see(pilot, "Dead letters of a file")
    await pilot.press(*name.replace(".", "§").replace("§", "."), "enter")
    await settle(pilot)


async def at(pilot: "Pilot[None]", number: int) -> None:
    """Go to a letter of the list."""
    await pilot.press("home", *["down"] * (number - 1))
    await settle(pilot)


async def test_without_any_it_says_what_would_stand_there(app: InspectorApp) -> None:
    async with app.run_test(size=WIDE, notifications=True) as pilot:
        await see(pilot, "✔ valid")
        await pilot.press("l")
        await see(pilot, "No dead letter is recorded.")


async def test_what_the_history_lost_is_explained(losing: Shop) -> None:
    app = losing.app()
    async with app.run_test(size=WIDE, notifications=True) as pilot:
        await lost_one(pilot)
        seen = text_of(app)
        for text in (
            "ERROR_FROM_TARGET",
            "The endpoint answered with an error of its own",
            "redrive once",
            "The retries that the policy allows were used up, after",
            "https://warehouse.example.com/",
            "a payload, transformed already",
            "DROPPED",
        ):
            assert text in seen
        await pilot.press("right_square_bracket")
        await see(pilot, '"order": "o-1001"')
        await pilot.press("right_square_bracket")
        await see(pilot, "POST https://warehouse.example.com/ord")
        assert all(canary not in text_of(app) for canary in CANARIES)


async def test_a_redrive_asks_streams_and_is_recorded(losing: Shop) -> None:
    app = losing.app()
    async with app.run_test(size=WIDE, notifications=True) as pilot:
        await lost_one(pilot)
        sent = len(losing.endpoints.sent)
        await pilot.press("s")
        await see(pilot, "straight to:")
        assert len(losing.endpoints.sent) == sent
        await pilot.press("n")
        await settle(pilot)
        assert len(losing.endpoints.sent) == sent
        losing.endpoints._hosts = Shop(Path("shop")).endpoints._hosts  # the endpoint was mended
        await pilot.press("s", "y")
        await see(pilot, "DELIVERED")
        await settle(pilot)
        await see(pilot, "✓")
        assert losing.endpoints.sent[-1].payload == '{"order": "o-1001", "total": 42.5}'
        await pilot.press("h")
        await see(pilot, "↻")


async def test_the_messages_of_a_file_are_listed_and_left_again(queue: Shop) -> None:
    app = queue.app()
    async with app.run_test(size=WIDE, notifications=True) as pilot:
        await opened(pilot)
        seen = text_of(app)
        assert "Dead letters · queue.json" in seen
        assert "INVALID_JSON" in seen
        assert "? → ?" in seen
        await at(pilot, 5)
        await see(pilot, "The message has no attributes")
        await pilot.press("escape")
        await see(pilot, "No dead letter is recorded.")
        assert app.current_mode == "dead_letters"
        await pilot.press("escape")
        await until(pilot, lambda: app.current_mode == "workbench")


@pytest.mark.parametrize(
    ("name", "told"),
    [
        pytest.param("none.json", "none.json cannot be read: no such file", id="no file"),
        pytest.param("shop", "shop cannot be read: is a directory", id="a folder"),
        pytest.param("shop/rule-1.json", "found an object", id="something else"),
    ],
)
async def test_a_file_that_is_no_queue_says_why(queue: Shop, name: str, told: str) -> None:
    app = queue.app()
    async with app.run_test(size=(200, 40), notifications=True) as pilot:
        await opened(pilot, name)
        await see(pilot, "Not read")
        assert told in " ".join(text_of(app).split())


async def test_marked_letters_go_one_after_the_other(accepting: Shop) -> None:
    app = accepting.app()
    async with app.run_test(size=WIDE, notifications=True) as pilot:
        await opened(pilot)
        await pilot.press("space", "down", "space")
        await see(pilot, "2 marked")
        await pilot.press("s")
        await see(pilot, "Send 2 dead letters")
        await pilot.press("y")
        await see(pilot, "1 of 2 dead letters delivered.")
        bodies = [request.payload for request in accepting.endpoints.sent]
        assert bodies[-1] == json.dumps(ENVELOPE)
        assert set(bodies[:-1]) == {'{"order": "o-9", "total": 3}'}
        assert accepting.endpoints.sent[-1].masked_url.startswith("https://crm.example.com/contacts/")


async def test_of_marked_letters_those_that_can_be_sent_are(accepting: Shop) -> None:
    app = accepting.app()
    async with app.run_test(size=WIDE, notifications=True) as pilot:
        await opened(pilot)
        await at(pilot, 2)
        await pilot.press("space")
        await at(pilot, 1)
        await pilot.press("space")
        await see(pilot, "2 marked")
        await pilot.press("s")
        await see(pilot, "Send dead letter m-1")
        seen = " ".join(text_of(app).split())
        assert "1 dead letter left out:" in seen
        assert "the body of dead letter m-2 is no JSON" in seen
        await pilot.press("y")
        await see(pilot, "DELIVERED")
        assert {request.payload for request in accepting.endpoints.sent} == {'{"order": "o-9", "total": 3}'}


async def test_cancelling_leaves_the_rest_unsent(queue: Shop) -> None:
    app = queue.app()
    async with app.run_test(size=WIDE, notifications=True) as pilot:
        await opened(pilot)
        queue.endpoints.gate.clear()
        await pilot.press("space", "down", "space", "s")
        await see(pilot, "Send 2 dead letters")
        await pilot.press("y")
        await until(pilot, lambda: len(queue.endpoints.sent) == 1)
        await pilot.press("x")
        await see(pilot, "1 dead letter not begun.")
        await see(pilot, "ABANDONED")
        assert len(queue.endpoints.sent) == 1


async def test_a_body_that_is_no_json_is_mended_first(accepting: Shop) -> None:
    app = accepting.app()
    async with app.run_test(size=WIDE, notifications=True) as pilot:
        await opened(pilot)
        await at(pilot, 2)
        await pilot.press("s")
        await see(pilot, "Nothing was sent")
        assert not accepting.endpoints.sent
        await pilot.press("e")
        await see(pilot, "esc discards")
        editor = app.screen.query_one(JsonEditor)
        assert editor.text == '{"order": '
        editor.insert("o-10")
        await pilot.press("ctrl+s")
        await see(pilot, "That is no JSON")
        editor.replace('{"order": "o-10"}', editor.document.start, editor.document.end)
        await see(pilot, "✔ JSON")
        await pilot.press("ctrl+s")
        await see(pilot, "edited · u takes it back")
        await pilot.press("s")
        await see(pilot, "1 body as edited here.")
        await pilot.press("y")
        await see(pilot, "DELIVERED")
        assert accepting.endpoints.sent[-1].payload == '{"order": "o-10"}'


async def test_edits_are_discarded_or_taken_back(queue: Shop) -> None:
    app = queue.app()
    async with app.run_test(size=WIDE, notifications=True) as pilot:
        await opened(pilot)
        screen = app.screen
        assert isinstance(screen, DeadLettersScreen)
        await pilot.press("e")
        await see(pilot, "esc discards")
        app.screen.query_one(JsonEditor).insert("x")
        await pilot.press("escape")
        await settle(pilot)
        assert not screen._planning.bodies
        await pilot.press("e")
        await see(pilot, "esc discards")
        await pilot.press("ctrl+s")
        await settle(pilot)
        # Laying it out for the editor is no edit: the body goes as it came.
        assert not screen._planning.bodies
        await pilot.press("e")
        await see(pilot, "esc discards")
        app.screen.query_one(JsonEditor).load_text("[1]")
        await pilot.press("ctrl+s")
        await see(pilot, "edited · u takes it back")
        await pilot.press("u")
        await see(pilot, "e edits it")
        assert '"o-9"' in text_of(app)


async def test_an_editor_of_one_s_own_is_offered(queue: Shop) -> None:
    app = queue.app()
    async with app.run_test(size=WIDE, notifications=True) as pilot:
        await opened(pilot)
        await pilot.press("e")
        await see(pilot, "esc discards")
        await pilot.press("ctrl+o")
        await see(pilot, "no editor is named")


async def test_a_target_that_reads_the_event_is_given_the_workbench_s(accepting: Shop) -> None:
    app = accepting.app()
    async with app.run_test(size=WIDE, notifications=True) as pilot:
        await opened(pilot)
        await at(pilot, 4)
        await pilot.press("s")
        await see(pilot, "Take the workbench's event?")
        await pilot.press("y")
        await see(pilot, "straight to:")
        await pilot.press("y")
        await see(pilot, "404")
        assert accepting.endpoints.sent[-1].masked_url == "https://crm.example.com/contacts/c-7"
        assert accepting.endpoints.sent[-1].payload == '{"customer": "c-7"}'


async def test_a_letter_without_a_target_is_sent_where_one_says(accepting: Shop) -> None:
    app = accepting.app()
    async with app.run_test(size=WIDE, notifications=True) as pilot:
        await opened(pilot)
        await at(pilot, 5)
        await pilot.press("s")
        await see(pilot, "Send dead letter m-5 to")
        await pilot.press(*"loyalty", "enter")
        await see(pilot, "straight to:")
        await pilot.press("escape")
        await settle(pilot)
        assert not accepting.endpoints.sent


async def test_a_body_that_is_an_event_opens_in_the_workbench(queue: Shop) -> None:
    app = queue.app()
    async with app.run_test(size=WIDE, notifications=True) as pilot:
        await opened(pilot)
        await pilot.press("o")
        await settle(pilot)
        assert app.current_mode == "dead_letters"
        await at(pilot, 3)
        await pilot.press("o")
        await until(pilot, lambda: app.current_mode == "workbench")
        await see(pilot, '"detail-type": "Order"')


async def test_the_event_that_a_lost_payload_was_made_of_opens_too(losing: Shop) -> None:
    app = losing.app()
    async with app.run_test(size=WIDE, notifications=True) as pilot:
        await lost_one(pilot)
        await pilot.press("o")
        await until(pilot, lambda: app.current_mode == "workbench")
        await see(pilot, "Event · dead letter")
        await see(pilot, '"customer": "c-7"')


async def test_without_a_history_files_still_work(queue: Shop) -> None:
    app = Shop(Path("shop")).app()
    async with app.run_test(size=WIDE, notifications=True) as pilot:
        await settle(pilot)
        await pilot.press("l")
        await see(pilot, "this session keeps no history")
        await pilot.press("f")
        await see(pilot, "Dead letters of a file")
        await pilot.press(*"queue.json", "enter")
        await see(pilot, "INVALID_JSON")


async def test_foreign_text_is_only_text(losing: Shop) -> None:
    attributes = dict.fromkeys(
        ("RULE_ARN", "ERROR_CODE", "ERROR_MESSAGE", "RETRY_ATTEMPTS"), " ".join(HOSTILE)
    )
    messages = [
        message(text, message_id=text, attributes={**attributes, text: text, "TARGET_ARN": text})
        for text in HOSTILE
    ]
    write("[b].json", messages)
    app = losing.app()
    async with app.run_test(size=(200, 60), notifications=True) as pilot:
        await opened(pilot, "[b].json")
        shown = text_of(app)
        for _ in HOSTILE:
            for key in ("right_square_bracket",) * 4:
                await pilot.press(key)
                await settle(pilot)
                shown += text_of(app)
            for key in ("e", "escape", "s", "escape", "down"):
                await pilot.press(key)
                await settle(pilot)
                shown += text_of(app)
    for text in ("[/]", "[@click=app.quit]x[/]", "[b].json"):
        assert text in shown
    for command in ("\x1b", "\x07", "\u202e"):
        assert command not in shown


def write(name: str, document: object) -> None:
    """Write a JSON file."""
    Path(name).write_text(json.dumps(document))


async def test_a_long_list_is_read_as_it_is_scrolled(losing: Shop) -> None:
    write(
        "long.json", [message("{}", message_id=f"m-{number}", attributes=WAREHOUSE) for number in range(1000)]
    )
    app = losing.app()
    async with app.run_test(size=WIDE, notifications=True) as pilot:
        await opened(pilot, "long.json")
        await pilot.press("end")
        await see(pilot, "m-999")
        assert app.screen.query_one(PagedList).row_count() == 1000


@pytest.fixture
def many(losing: Shop) -> Shop:
    """A history of 450 lost deliveries, of which the first and the last were sent again and delivered."""
    history = History(Path("history.sqlite3"))
    for number in range(450):
        error = "THROTTLING" if number % 150 == 7 else "TIMEOUT"
        lost = replace(LOST, outcome=replace(LOST.outcome, error_code=error))
        record(history, new_delivery(f"lost-{number}"), [*dead_lettered(f"lost-{number}")[:-1], lost])
    for number in (0, 449):
        record(history, new_delivery(f"again-{number}", replay_of=f"lost-{number}"), delivered("again"))
    history.close()
    return losing


async def test_a_long_history_is_read_a_page_at_a_time(many: Shop) -> None:
    app = many.app()
    async with app.run_test(size=WIDE, notifications=True) as pilot:
        await settle(pilot)
        await pilot.press("l")
        await see(pilot, "crm-webhook")
        rows = app.screen.query_one(PagedList)
        assert rows.row_count() == 450
        assert (rows.row_at(0) is not None, rows.row_at(200)) == (True, None)
        assert _ticks(rows, 200) == [0]
        await pilot.press("end")
        await until(pilot, lambda: rows.row_at(449) is not None)
        await settle(pilot)
        assert _ticks(rows, 450)[-1] == 449
        await see(pilot, "redriven and delivered")


def _ticks(rows: PagedList, upto: int) -> list[int]:
    """Return which rows that are read have a tick."""
    read = [(number, row) for number in range(upto) if (row := rows.row_at(number))]
    return [number for number, row in read if row.cells[1][0]]


async def test_the_search_narrows_the_letters(many: Shop) -> None:
    """As in the history, among what was lost: what was delivered is not found."""
    app = many.app()
    async with app.run_test(size=WIDE, notifications=True) as pilot:
        await settle(pilot)
        await pilot.press("l")
        await see(pilot, "/ searches · f reads a file")
        await pilot.press("slash", *"error:throttling")
        rows = app.screen.query_one(PagedList)
        await until(pilot, lambda: rows.row_count() == 3)
        await see(pilot, "esc ends the search")
        await pilot.press("enter", "down")
        assert rows.has_focus
        await pilot.press("slash", *" replay:yes")
        await see(pilot, "No dead letter fits the search.")
        await see(pilot, "Choose a dead letter in the list.")
        assert app.screen.check_action("redrive", ()) is False
        await pilot.press(*["backspace"] * 11, *" nonsense:1")
        await see(pilot, "there is no term nonsense")
        await pilot.press("escape")
        await until(pilot, lambda: rows.row_count() == 450)
        assert app.current_mode == "dead_letters"
        await pilot.press("escape")
        await until(pilot, lambda: app.current_mode == "workbench")


async def test_the_search_of_the_letters_explains_itself(many: Shop) -> None:
    app = many.app()
    async with app.run_test(size=(140, 60), notifications=True) as pilot:
        await settle(pilot)
        await pilot.press("l", "slash", "f1")
        await see(pilot, "status:503|5xx|none")


async def test_a_file_knows_no_search(queue: Shop) -> None:
    """It ends when a file is opened, and is gone when the file is left."""
    app = queue.app()
    async with app.run_test(size=WIDE, notifications=True) as pilot:
        await lost_one(pilot)
        await pilot.press("slash", *"error:none")
        await see(pilot, "No dead letter fits the search.")
        await pilot.press("enter", "f")
        await see(pilot, "Dead letters of a file")
        await pilot.press(*"queue.json", "enter")
        await see(pilot, "Dead letters · queue.json")
        await settle(pilot)
        assert not app.screen.query_one(SearchedList).searching
        await pilot.press("slash")
        assert not app.screen.query_one(SearchedList).searching
        await pilot.press("escape")
        await see(pilot, "order-placed → ware")


def pressed(*names: str, seen: str = "") -> Callable[["Pilot[None]"], object]:
    """Return what presses keys when all else has ended, and waits until something is seen."""

    async def press(pilot: "Pilot[None]") -> None:
        await settle(pilot)
        for name in names:
            await pilot.press(name)
            await settle(pilot)
        await see(pilot, seen)
        await settle(pilot)

    return press


FILE = ("l", "f", *"queue.json", "enter")
PICTURES = [
    pytest.param(("l",), id="none"),
    pytest.param(("s", "l"), id="history"),
    pytest.param(FILE, id="file"),
    pytest.param((*FILE, "right_square_bracket"), id="body"),
    pytest.param((*FILE, "e"), id="editing"),
    pytest.param((*FILE, "space", "s"), id="asks"),
    pytest.param(("s", "l", "s", "y"), id="redriven"),
    pytest.param(("D", *FILE), id="light"),
]


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("keys", PICTURES)
def test_the_dead_letters(
    queue: Shop, snap_compare: Callable[..., bool], size: tuple[int, int], keys: tuple[str, ...]
) -> None:
    assert snap_compare(queue.app(), terminal_size=size, run_before=pressed(*keys))


@pytest.mark.parametrize("size", SIZES)
def test_a_search_that_finds_none(
    queue: Shop, snap_compare: Callable[..., bool], size: tuple[int, int]
) -> None:
    run = pressed("s", "l", "slash", *"error:sdk", seen="No dead letter fits the search.")
    assert snap_compare(queue.app(), terminal_size=size, run_before=run)

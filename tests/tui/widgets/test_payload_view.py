"""The payload: its verdict, exactly its body, and from what it was made."""

import pytest

from inspector.eventbridge.assumption import PATH_ENCODING
from inspector.eventbridge.payload import Payload, Placeholder
from inspector.tui.widgets.payload_view import PayloadView
from tests.tui.widgets.support import HOSTILE, Stage, assert_harmless, screen_text

TEMPLATE = '{"order": <id>, "note": "<note>"}'
BODY = '{"order": "a-1", "note": ""}'
PLACES = (
    Placeholder("id", "$.detail.id", 10, 14, 10, 15, False, "string", '"a-1"'),
    Placeholder("note", "$.detail.note", 25, 31, 26, 26, True, "missing", ""),
)


async def shown(payload: Payload, template: str | None = None, width: int = 100) -> str:
    """Return what stands on the screen for a payload."""
    view = PayloadView()
    app = Stage(view)
    async with app.run_test(size=(width, 30)) as pilot:
        view.show(payload, template)
        await pilot.pause()
        return "\n".join(line.rstrip() for line in screen_text(app).splitlines())


async def test_a_payload_is_told_with_its_placeholders() -> None:
    text = await shown(
        Payload("deliver", BODY, "InputTransformer", placeholders=PLACES, assumptions=(PATH_ENCODING,)),
        TEMPLATE,
    )
    for words in ("deliverable  InputTransformer · 28 bytes", BODY, TEMPLATE, "assumption  The encoding"):
        assert words in text, words
    rows = [line.split() for line in text.splitlines() if line.startswith("<")]
    assert rows == [
        ["<id>", "$.detail.id", "string", '"a-1"'],
        ["<note>", "$.detail.note", "missing", '"…"', "(empty)"],
    ]


@pytest.mark.parametrize(
    ("body", "at", "place"),
    [
        pytest.param('{"a": x}', 6, "line 1, column 7", id="within"),
        pytest.param('{\n"a"', 5, "line 2, column 4", id="at the end"),
    ],
)
async def test_invalid_json_is_marked_where_it_stops(body: str, at: int, place: str) -> None:
    payload = Payload("invalid-json", body, "InputTransformer", "a value is missing", at)
    text = await shown(payload)
    for words in ("invalid JSON", "a value is missing", place, "⟪here⟫"):
        assert words in text, words
    view = PayloadView()
    async with Stage(view).run_test(size=(100, 30)) as pilot:
        view.show(payload)
        await pilot.pause()
        marked = [
            segment.text
            for row in range(view.row_count())
            for segment in view.line_at(row)
            if segment.style and segment.style.bgcolor == view.ink("error").bgcolor
        ]
        assert marked == [body[min(at, len(body) - 1)]]


async def test_nothing_is_told_as_nothing() -> None:
    text = await shown(Payload("nothing", "", "InputPath", "$.detail.x selects nothing in this event"))
    assert "nothing  InputPath · 0 bytes" in text
    assert "selects nothing" in text


async def test_the_body_is_what_is_copied() -> None:
    view = PayloadView()
    app = Stage(view)
    async with app.run_test(size=(100, 30)) as pilot:
        view.show(Payload("deliver", BODY, "event"), TEMPLATE)
        await pilot.press("y")
        assert app.copied == [BODY]


@pytest.mark.parametrize("text", HOSTILE)
async def test_hostile_text_is_shown_and_does_nothing(text: str) -> None:
    view = PayloadView()
    app = Stage(view)
    async with app.run_test(size=(60, 40)) as pilot:
        place = Placeholder(text, text, 0, len(text), 0, len(text), False, "string", text)
        view.show(Payload("invalid-json", text, "InputTransformer", text, 0, (place,)), text)
        await pilot.pause()
        assert_harmless(app)

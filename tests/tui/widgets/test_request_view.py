"""The request with the provenance of its parts, and the answer to it."""

import json
from dataclasses import replace

import pytest

from inspector.delivery.events import Attempt, Timings
from inspector.eventbridge.assumption import PATH_ENCODING
from inspector.eventbridge.authorization import JsonWebToken, TokenExchange
from inspector.eventbridge.provenance import Note, Part, Stripped
from inspector.eventbridge.request import PreparedRequest
from inspector.eventbridge.retry import GiveUp, RetryIn
from inspector.secret import MASK, Secret
from inspector.tui.widgets.request_view import RequestView, ResponseView
from tests.tui.widgets import stories
from tests.tui.widgets.support import HOSTILE, Stage, assert_harmless, screen_text

BODY = '{"id":"a-1", "n":1.50}'


def request(text: str = "value", body: str = BODY) -> PreparedRequest:
    """Return a request with a part of every kind, `text` in each."""
    return PreparedRequest(
        "POST",
        "https://crm.example.com/orders/7",
        (Part("*", text, "event", "$.detail.id"),),
        (Part("tenant", text, "target", "target crm", f'connection\'s "{text}"'),),
        (
            Part("Host", "crm.example.com", "aws"),
            Part("Authorization", Secret("hunter2-hunter2"), "authorization", "Basic credentials"),
            Part("X-Team", text, "connection", "connection crm"),
        ),
        (Stripped("Range", text, "target", f"EventBridge removes it {text}"),),
        body,
        (Part("key", Secret("hunter2-hunter2"), "connection", "connection crm"),),
        (Note(f"mend this {text}", warning=True),),
        (PATH_ENCODING,),
    )


def exchange(text: str = "") -> TokenExchange:
    """Return a token request that was refused."""
    headers = (("Content-Type", f"application/json{text}"),)
    form, answer = f"grant_type=client_credentials{text}", f'{{"error":"invalid_client{text}"}}'
    error = f"the token endpoint answered 401{text}"
    url = "https://auth.example.com/token"
    jwt = JsonWebToken(text, text, (text,)) if text else None
    return TokenExchange(
        url, "POST", headers, form, 401, headers, answer, 12.3, error=error, note=text, jwt=jwt
    )


async def shown(attempt: Attempt, size: tuple[int, int] = (100, 40)) -> str:
    """Return what stands on the screen for an attempt."""
    view = ResponseView()
    app = Stage(view)
    async with app.run_test(size=size) as pilot:
        view.show(attempt)
        await app.workers.wait_for_complete()
        await pilot.pause()
        return screen_text(app)


async def test_each_part_stands_beside_its_source() -> None:
    view = RequestView()
    app = Stage(view)
    async with app.run_test(size=(120, 40)) as pilot:
        view.show(request())
        await pilot.pause()
        rows = [[cell.strip() for cell in line.split("│")] for line in screen_text(app).splitlines()]
        assert [row for row in rows if len(row) == 2] == [
            ["POST https://crm.example.com/orders/7?tenant=value", "destination"],
            ["* ← value", "event · $.detail.id"],
            ["?tenant=value", 'target crm, replaces connection\'s "value"'],
            ["Host: crm.example.com", "AWS"],
            [f"Authorization: {MASK}", "credential · Basic credentials"],
            ["X-Team: value", "connection crm"],
            [f"key: {MASK}", "connection crm"],
            ["Range: value", "target · EventBridge removes it value"],
        ]


async def test_the_body_is_shown_as_it_is_sent_with_secrets_masked() -> None:
    view = RequestView()
    app = Stage(view)
    async with app.run_test(size=(120, 40)) as pilot:
        plain = replace(request(), body_parameters=())
        view.show(plain)
        await pilot.pause()
        assert BODY in screen_text(app), "spaces and numbers as they were written"
        view.show(request())
        await pilot.pause()
        assert "hunter2" not in screen_text(app) + view.source


async def test_stripped_headers_notes_and_assumptions_are_told() -> None:
    view = RequestView()
    app = Stage(view)
    async with app.run_test(size=(120, 40)) as pilot:
        view.show(request())
        await pilot.pause()
        text = screen_text(app)
        assert "Removed by EventBridge" in text
        assert "warning  mend this value" in text
        assert "assumption  The encoding of path parameters" in text
        row = next(n for n in range(view.row_count()) if view.row_text(n).startswith("Range"))
        style = next(iter(view.line_at(row))).style
        assert style
        assert style.strike


@pytest.mark.parametrize("width", [30, 60, 80, 140])
async def test_long_values_wrap_and_nothing_is_lost(width: int) -> None:
    view = RequestView()
    app = Stage(view)
    async with app.run_test(size=(width, 60)) as pilot:
        view.show(request("v" * 300, "b" * 300))
        await pilot.pause()
        text = "".join(view.row_text(row) for row in range(view.row_count()))
        assert text.count("b") >= 300
        assert text.count("v") >= 900
        assert view.virtual_size.width <= view.room


async def test_a_resize_wraps_anew() -> None:
    view = RequestView()
    app = Stage(view)
    async with app.run_test(size=(140, 30)) as pilot:
        view.show(request("v" * 100))
        await pilot.pause()
        before = view.row_count()
        await pilot.resize_terminal(60, 30)
        await pilot.pause()
        assert view.row_count() > before


async def test_a_string_keeps_its_colour_over_the_end_of_a_row() -> None:
    view = RequestView()
    async with Stage(view).run_test(size=(60, 40)) as pilot:
        view.show(replace(request(body=json.dumps({"key": "x" * 90, "n": 12})), body_parameters=()))
        await pilot.pause()
        row = next(n for n in range(view.row_count()) if view.row_text(n).startswith("x" * 20))
        inks = {segment.text: segment.style for segment in view.line_at(row)}
        assert inks['"n"'].color == view.ink("json-key").color  # type: ignore[union-attr]


async def test_an_answer_is_told_with_its_phases_and_laid_out() -> None:
    attempt = stories.attempt(
        1, 0, 503, body=b'{"a":[1,2.50]}', decision=RetryIn(2, "wait 2 s: Retry-After is longer")
    )
    text = await shown(replace(attempt, remote_address="203.0.113.7:443"))
    for words in (
        "503", "182 ms", "connect 12 ms", "read 16 ms", "503 is retried: 5xx",
        "wait 2 s: Retry-After is longer", "ERROR_FROM_TARGET", "Content-Type: application/json", '"a": [\n',
        "    2.50", "203.0.113.7:443",
    ):  # fmt: skip
        assert words in "\n".join(line.rstrip() for line in text.splitlines()) + "\n", words


async def test_an_error_stands_where_the_answer_would() -> None:
    attempt = stories.attempt(
        1, 0, "refused", timings=Timings(connect=3, total=3), message="no one listens on port 9",
        decision=GiveUp("all 3 retries are used up", "MaximumRetryAttempts"),
    )  # fmt: skip
    text = await shown(attempt)
    assert "refused  no one listens on port 9" in text
    assert "no further attempt: all 3 retries are used up" in text


async def test_a_token_that_is_a_jwt_is_read() -> None:
    jwt = JsonWebToken('{"alg": "none"}', '{"aud": "elsewhere"}', ("alg is none: anybody made it",))
    granted = replace(exchange(), status=200, error="", jwt=jwt, note="the answer names no token_type")
    text = await shown(replace(stories.attempt(1, 0, 200), token_exchange=granted))
    assert "The token is a JWT · not verified" in text
    assert "warning  alg is none: anybody made it" in text
    assert '"aud": "elsewhere"' in text
    assert "note  the answer names no token_type" in text


async def test_the_token_request_is_shown_with_its_answer() -> None:
    text = await shown(replace(stories.attempt(1, 0, "auth"), token_exchange=exchange()))
    for words in (
        "no token: the token endpoint answered 401",
        "Token request",
        "grant_type=",
        "invalid_client",
    ):
        assert words in text, words


@pytest.mark.parametrize(
    ("body", "words"),
    [
        pytest.param(b"", ["(no body)"], id="none"),
        pytest.param(b"\x00\x01PNG", ["000000", "00 01 50 4e 47", "··PNG"], id="binary"),
        pytest.param(b"plain text", ["plain text"], id="text"),
        pytest.param(b'{"broken', ['{"broken'], id="no JSON after all"),
        pytest.param(
            json.dumps(["x" * 100] * 400).encode(), ['[\n  "xxxx'], id="large, laid out in a thread"
        ),
    ],
)
async def test_every_body_has_a_form(body: bytes, words: list[str]) -> None:
    text = "\n".join(
        line.rstrip() for line in (await shown(stories.attempt(1, 0, 200, body=body))).splitlines()
    )
    for word in words:
        assert word in text


async def test_a_cut_body_says_so() -> None:
    attempt = stories.attempt(1, 0, 200, body=b"abc")
    assert attempt.response
    text = await shown(
        replace(attempt, response=replace(attempt.response, cut=True, note="gzip ended early"))
    )
    assert "the rest was not kept" in text
    assert "gzip ended early" in text


@pytest.mark.parametrize("text", HOSTILE)
async def test_hostile_text_is_shown_and_does_nothing(text: str) -> None:
    requests, answers = RequestView(), ResponseView()
    app = Stage(requests)
    async with app.run_test(size=(100, 50)) as pilot:
        requests.show(request(text, text))
        await pilot.pause()
        assert_harmless(app)
    app = Stage(answers)
    async with app.run_test(size=(100, 50)) as pilot:
        attempt = stories.attempt(1, 0, 500, body=text.encode(), decision=GiveUp(text))
        assert attempt.response
        response = replace(attempt.response, reason=text, headers=((text, text),), note=text)
        answers.show(replace(attempt, response=response, token_exchange=exchange(text), remote_address=text))
        await pilot.pause()
        assert_harmless(app)
        answers.show(stories.attempt(1, 0, "tls", message=text))
        await pilot.pause()
        assert_harmless(app)

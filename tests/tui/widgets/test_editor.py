"""The editor: JSON with colours, bounded, told about while one types, and the round trip outside."""

import stat
import sys
from pathlib import Path

import pytest

from inspector.errors import InspectorError
from inspector.jsontext import loads
from inspector.tui.widgets.editor import MOST_CHARACTERS, JsonEditor, tame
from inspector.tui.widgets.external import ExternalEditorError, edit_externally, editor_command
from tests.tui.widgets.support import HOSTILE, Stage, assert_harmless, screen_text


async def test_typing_is_told_after_a_pause_and_loading_is_not() -> None:
    editor = JsonEditor()
    app = Stage(editor)
    async with app.run_test(size=(60, 10)) as pilot:
        editor.text = "{}"
        editor._tell()
        await pilot.pause()
        assert not app.posted
        await pilot.press("end", "space")
        editor._tell()
        await pilot.pause()
        assert [message.text for message in app.posted if isinstance(message, JsonEditor.Edited)] == ["{} "]


async def test_the_pause_comes_by_itself() -> None:
    editor = JsonEditor()
    app = Stage(editor)
    async with app.run_test(size=(60, 10)) as pilot:
        await pilot.press("1")
        for _ in range(200):
            if app.posted:
                break
            await pilot.pause(0.02)
        assert app.last(JsonEditor.Edited).text == "1"


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        pytest.param("", None, id="nothing yet"),
        pytest.param('{"a": 1}', None, id="JSON"),
        pytest.param('{\n  "a": }', (2, 8), id="value missing"),
        pytest.param('{"a": NaN}', (1, 1), id="no JSON value"),
    ],
)
async def test_the_problem_has_its_place(text: str, problem: tuple[int, int] | None) -> None:
    editor = JsonEditor()
    async with Stage(editor).run_test(size=(60, 10)):
        editor.text = text
        found = editor.problem
        assert (found and (found.line, found.column)) == problem


async def test_pretty_lays_out_as_one_edit() -> None:
    editor = JsonEditor()
    async with Stage(editor).run_test(size=(60, 10)):
        editor.text = '{"a":[1.50,2]}'
        editor.action_pretty()
        assert editor.text == '{\n  "a": [\n    1.50,\n    2\n  ]\n}'
        editor.undo()
        assert editor.text == '{"a":[1.50,2]}'


async def test_pretty_goes_to_the_fault_and_changes_nothing() -> None:
    editor = JsonEditor()
    app = Stage(editor)
    async with app.run_test(size=(60, 10)) as pilot:
        editor.text = '{\n  "a": }'
        editor.action_pretty()
        await pilot.pause()
        assert editor.text == '{\n  "a": }'
        assert editor.cursor_location == (1, 7)


async def test_too_long_a_text_is_refused_with_a_reason() -> None:
    editor = JsonEditor()
    app = Stage(editor)
    async with app.run_test(size=(60, 10)) as pilot:
        editor.text = "[]"
        editor.text = "x" * (MOST_CHARACTERS + 1)
        await pilot.pause()
        assert editor.text == "[]"
        assert "100,001 characters are too many" in app.last(JsonEditor.Refused).reason
        editor.insert("y" * MOST_CHARACTERS)
        await pilot.pause()
        assert editor.text == "[]"


async def test_one_long_line_is_laid_out_when_it_is_loaded() -> None:
    editor = JsonEditor()
    async with Stage(editor).run_test(size=(60, 10)):
        text = '{"items":[' + ",".join(f'{{"n":{n}}}' for n in range(500)) + "]}"
        editor.text = text
        assert editor.document.line_count > 500
        assert loads(editor.text) == loads(text)


@pytest.mark.parametrize("text", HOSTILE)
async def test_hostile_text_is_shown_and_does_nothing(text: str) -> None:
    editor = JsonEditor()
    app = Stage(editor)
    async with app.run_test(size=(80, 10)) as pilot:
        editor.text = f'{{"a": "{text}"}}'
        await pilot.pause()
        assert_harmless(app)
        editor.text = "{}"
        editor.insert(text)
        await pilot.pause()
        assert_harmless(app)


def test_what_commands_a_terminal_comes_in_as_an_escape_of_the_same_value() -> None:
    assert loads(tame('"a\u202e\x7f\x9b"')) == "a\u202e\x7f\x9b"
    assert tame("世界 é\n\t") == "世界 é\n\t"


async def test_json_is_coloured_in_the_theme() -> None:
    pytest.importorskip("tree_sitter_json")
    editor = JsonEditor()
    app = Stage(editor)
    async with app.run_test(size=(60, 10)) as pilot:
        editor.text = '{"key": 1}'
        await pilot.pause()
        assert editor.language == "json"
        dark = editor._theme and dict(editor._theme.syntax_styles)
        app.theme = "textual-light"
        await pilot.pause()
        assert editor._theme
        assert dict(editor._theme.syntax_styles) != dark
        assert '{"key": 1}' in screen_text(app)


async def test_without_the_parser_it_is_a_plain_editor(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "tree_sitter_json", None)
    editor = JsonEditor()
    async with Stage(editor).run_test(size=(60, 10)):
        editor.text = "[1]"
        assert editor.language is None


@pytest.mark.parametrize(
    ("environ", "command"),
    [
        pytest.param({"EDITOR": "vim"}, ["vim"], id="EDITOR"),
        pytest.param({"EDITOR": "vim", "VISUAL": "code --wait"}, ["code", "--wait"], id="VISUAL first"),
        pytest.param({"EDITOR": "'/opt/my editor' -n"}, ["/opt/my editor", "-n"], id="quoted"),
    ],
)
def test_the_editor_is_found(environ: dict[str, str], command: list[str]) -> None:
    assert editor_command(environ) == command


@pytest.mark.parametrize("environ", [{}, {"EDITOR": "  "}, {"EDITOR": "'vim"}])
def test_without_an_editor_one_is_told_what_to_do(environ: dict[str, str]) -> None:
    with pytest.raises(InspectorError, match="editor"):
        editor_command(environ)


async def test_a_terminal_that_cannot_be_handed_over_is_told() -> None:
    app = Stage(JsonEditor())
    async with app.run_test():
        with pytest.raises(ExternalEditorError, match="cannot be handed over"):
            edit_externally(app, "{}", environ={"EDITOR": "true"})


class Handed(Stage):
    """An app whose terminal can be handed over."""

    def suspend(self):  # type: ignore[no-untyped-def]
        from contextlib import nullcontext

        return nullcontext()


@pytest.mark.parametrize(
    ("script", "text"),
    [
        pytest.param("printf '[1]' > \"$1\"", "[1]", id="saved"),
        pytest.param("printf '[1]' > \"$1\"; exit 1", None, id="another exit code discards"),
    ],
)
def test_the_round_trip(tmp_path: Path, script: str, text: str | None) -> None:
    editor = tmp_path / "editor"
    editor.write_text(f'#!/bin/sh\nprintf %s "$1" > "{tmp_path}/name"\n{script}\n')
    editor.chmod(editor.stat().st_mode | stat.S_IXUSR)
    assert edit_externally(Handed(JsonEditor()), "{}", environ={"EDITOR": str(editor)}) == text
    assert not Path((tmp_path / "name").read_text()).exists(), "the file is gone afterwards"


def test_an_editor_that_does_not_start_is_told(tmp_path: Path) -> None:
    with pytest.raises(ExternalEditorError, match="does not start"):
        edit_externally(Handed(JsonEditor()), "{}", environ={"EDITOR": str(tmp_path / "nowhere")})

"""Writing loses nothing: a backup, a whole file at every moment, and no file that was changed meanwhile."""

import stat
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from inspector.config import load
from inspector.config.editing import Edit, EditError, Owner
from inspector.config.editing.file_change import plan
from inspector.config.editing.save import save
from inspector.eventbridge.resources import Origin
from tests.edit.conftest import Definitions, Write
from tests.edit.files import STYLES

EDIT = Edit(Owner("target", "orders", target_id="crm"), "HttpParameters.QueryStringParameters", {"v": "3"})
AGAIN = Edit(EDIT.owner, EDIT.member, {"v": "4"})


@pytest.fixture
def definitions(style: Callable[[str], Definitions]) -> Definitions:
    return style("JSON of two spaces")


def files() -> set[str]:
    return {path.name for path in Path().iterdir()}


def test_each_write_keeps_what_was_there(definitions: Definitions) -> None:
    first = definitions.write(EDIT)
    [saved] = save(plan(definitions.workspace, [AGAIN]))
    assert Path("shop.json.bak").read_text() == definitions.text
    assert saved.backup.name == "shop.json.bak.2"
    assert saved.backup.read_text() == first
    assert files() == {"shop.json", "shop.json.bak", "shop.json.bak.2"}


def test_an_edit_that_changes_nothing_writes_nothing(definitions: Definitions) -> None:
    assert save(plan(definitions.workspace, [Edit(EDIT.owner, EDIT.member, {"v": "2"})])) == ()
    assert files() == {"shop.json"}


def test_backups_are_no_definitions(definitions: Definitions) -> None:
    definitions.write(EDIT)
    assert load([Path()], environ={}).files == ("shop.json",)


def test_the_mode_is_kept(definitions: Definitions) -> None:
    definitions.path.chmod(0o640)
    definitions.write(EDIT)
    modes = {stat.S_IMODE(Path(name).stat().st_mode) for name in files()}
    assert modes == {0o640}


def test_a_link_stays_a_link(write: Write) -> None:
    Path("real").mkdir()
    real = write("real/shop.json", STYLES["JSON of two spaces"][1])
    Path("link.json").symlink_to("real/shop.json")
    workspace = load([Path("link.json")], environ={})
    [saved] = save(plan(workspace, [EDIT]))
    assert saved.name == "link.json"
    assert Path("link.json").is_symlink()
    assert '"v": "3"' in real.path.read_text()
    assert Path("real/shop.json.bak").read_text() == real.text


@pytest.mark.parametrize("when", ["before the plan", "after the plan"])
def test_a_file_that_was_changed_meanwhile_is_left_alone(definitions: Definitions, when: str) -> None:
    workspace = definitions.workspace
    changed = definitions.text + "\n"
    if when == "before the plan":
        definitions.path.write_text(changed)
        with pytest.raises(EditError, match=r"shop\.json was changed since it was loaded") as caught:
            plan(workspace, [EDIT])
    else:
        changes = plan(workspace, [EDIT])
        definitions.path.write_text(changed)
        with pytest.raises(EditError, match=r"shop\.json was changed since it was loaded") as caught:
            save(changes)
    assert "load it again" in caught.value.hint
    assert definitions.path.read_text() == changed
    assert files() == {"shop.json"}


def test_a_file_that_is_gone(definitions: Definitions) -> None:
    workspace = definitions.workspace
    definitions.path.unlink()
    with pytest.raises(EditError, match=r"shop\.json cannot be read: no such file"):
        plan(workspace, [EDIT])


def test_a_file_made_read_only_is_not_replaced(definitions: Definitions) -> None:
    definitions.path.chmod(0o444)
    with pytest.raises(EditError, match=r"shop\.json is read-only") as caught:
        definitions.write(EDIT)
    assert "chmod u+w" in caught.value.hint
    assert definitions.path.read_text() == definitions.text
    assert files() == {"shop.json"}


def test_a_write_that_fails_leaves_nothing_behind(write: Write) -> None:
    # Its backup would have a name that is too long for a file.
    definitions = write("s" * 247 + ".json", STYLES["JSON of two spaces"][1])
    with pytest.raises(EditError, match="cannot be written: file name too long") as caught:
        definitions.write(EDIT)
    assert caught.value.hint == "the file is as it was"
    assert definitions.path.read_text() == definitions.text
    assert files() == {definitions.path.name}


def test_a_definition_of_another_form_is_left_to_its_owner(definitions: Definitions) -> None:
    workspace = definitions.workspace
    rule = replace(workspace.rules[0], origin=Origin("shop.json", "$.ApiDestinations[0]"))
    moved = replace(workspace, rules=(rule,))
    with pytest.raises(EditError, match="orders is not found where it was read"):
        plan(moved, [Edit(Owner("rule", "orders"), "EventPattern", '{"source": ["x"]}')])

"""Edits are tried on the workbench at once, dropped, kept over a reload, and written."""

from collections.abc import Callable
from pathlib import Path

import pytest

from inspector.config.editing import Edit, EditError, Owner
from inspector.workbench import Workbench
from tests.edit.conftest import Definitions

RULE = Owner("rule", "orders")
CRM = Owner("target", "orders", target_id="crm")
EVENT = '{"source": "shop", "detail-type": "Order", "detail": {"id": "o-1", "total": 40, "state": "new"}}'
CHEAP = Edit(RULE, "EventPattern", '{"source": ["shop"]}')
TEMPLATE = Edit(CRM, "InputTransformer.InputTemplate", '{"edited": <id>}')
HEADER = Edit(CRM, "HttpParameters.HeaderParameters", {"X-Try": "$.detail.id"})


@pytest.fixture
def bench(style: Callable[[str], Definitions]) -> Workbench:
    return Workbench([style("YAML").path], db=None, environ={})


def body(bench: Workbench) -> str | None:
    preview = bench.preview(bench.read_event(EVENT), bench.routes()[0])
    return preview.payload.body if preview.payload else None


def test_an_edit_is_tried_at_once_and_dropped_again(bench: Workbench) -> None:
    event, before = bench.read_event(EVENT), Path("shop.yaml").read_text()
    assert not bench.evaluate(event)[0].matched
    assert bench.edit(CHEAP, TEMPLATE, HEADER).faults == ()
    assert bench.evaluate(event)[0].matched
    request = bench.preview(event, bench.routes()[0]).request
    assert request is not None
    assert [str(part.value) for part in request.headers if part.name == "X-Try"] == ["o-1"]
    assert body(bench) == '{"edited": "o-1"}'
    bench.discard(CRM, "InputTransformer.InputTemplate")
    assert body(bench) == '{\n  "order": "o-1",\n\n  "total": 40\n}'
    assert bench.drafts.is_edited(CRM)
    bench.discard()
    assert not bench.evaluate(event)[0].matched
    assert len(bench.drafts) == 0
    assert Path("shop.yaml").read_text() == before


def test_what_is_typed_back_is_no_edit(bench: Workbench) -> None:
    loaded = bench.drafts.value(RULE, "EventPattern")
    assert isinstance(loaded, str)
    bench.edit(CHEAP)
    assert bench.drafts.value(RULE, "EventPattern") == '{"source": ["shop"]}'
    bench.edit(Edit(RULE, "EventPattern", loaded.replace(",", ", \n")))
    assert len(bench.drafts) == 0


def test_a_refused_edit_stays_to_be_mended(bench: Workbench) -> None:
    bad = Edit(CRM, "HttpParameters.HeaderParameters", {"no name": "x"})
    assert bench.edit(bad).errors
    assert bench.drafts.value(CRM, "HttpParameters.HeaderParameters") == {"no name": "x"}
    assert body(bench) is not None
    with pytest.raises(EditError, match="not written"):
        bench.write()
    assert bench.drafts.is_edited(CRM, "HttpParameters.HeaderParameters")


def test_edits_outlive_a_reload_and_a_change_of_the_file(bench: Workbench) -> None:
    bench.edit(TEMPLATE)
    path = Path("shop.yaml")
    path.write_text("# a line more\n" + path.read_text())
    with pytest.raises(EditError, match="was changed since it was loaded"):
        bench.write()
    bench.reload()
    assert body(bench) == '{"edited": "o-1"}'
    bench.write()
    text = path.read_text()
    assert text.startswith("# a line more\n")
    assert '{"edited": <id>}' in text


def test_what_was_written_is_what_was_tried(bench: Workbench) -> None:
    bench.edit(CHEAP, TEMPLATE, HEADER)
    tried = bench.workspace
    [saved] = bench.write()
    assert saved.name == "shop.yaml"
    assert bench.workspace == tried
    assert len(bench.drafts) == 0
    assert Workbench([Path("shop.yaml")], db=None, environ={}).workspace == tried


def test_an_edit_that_the_file_got_from_elsewhere_is_done(bench: Workbench) -> None:
    bench.edit(TEMPLATE)
    other = Workbench([Path("shop.yaml")], db=None, environ={})
    other.edit(TEMPLATE)
    other.write()
    bench.reload()
    assert len(bench.drafts) == 0

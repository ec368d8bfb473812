"""An edit is checked as a file is when it is loaded, and tried without touching the file."""

import pytest

from inspector.config.editing import Edit, EditError, EditValue, Member, Owner, apply, value_of
from inspector.config.editing.file_change import plan
from inspector.eventbridge.resources import RetryPolicy, Route
from tests.edit.conftest import Write
from tests.edit.files import STYLES

RULE = Owner("rule", "orders")
CRM = Owner("target", "orders", target_id="crm")
AUDIT = Owner("target", "orders", target_id="audit")
DESTINATION = Owner("destination", "crm")

REFUSED = (
    # what is edited; what is found, or AWS's own words; whether the edit is laid over all the same
    (RULE, "EventPattern", "{", "Event pattern is not valid. Reason:", True),
    (RULE, "EventPattern", '{"source": "shop"}', "Event pattern is not valid. Reason:", True),
    (RULE, "EventPattern", None, "without pattern or schedule", False),
    (RULE, "EventPattern", '{"source": ["%s"]}' % ("x" * 4100), "an event pattern of 4115 characters", False),
    (CRM, "InputTransformer.InputTemplate", '{"a": <b>}',
     "InputTemplate for target crm contains invalid placeholder b.", True),
    (CRM, "InputTransformer.InputTemplate", '{"a": }', "Invalid InputTemplate for target crm", True),
    (CRM, "InputTransformer.InputPathsMap", {"id": "detail.id", "total": "$.a"},
     "InputPath for target crm is invalid.", True),
    (CRM, "InputPath", "$.detail",
     "Only one of Input, InputPath, or InputTransformer must be provided", True),
    (AUDIT, "Input", "no JSON", "JSON syntax error in input for target audit", True),
    (AUDIT, "InputTransformer.InputPathsMap", {"a": "$.b"},
     'an input transformer without "InputTemplate"', False),
    (AUDIT, "HttpParameters.HeaderParameters", {"a b": "c"}, '"a b"', False),
    (AUDIT, "HttpParameters.HeaderParameters", {"A": "ä"}, '"ä"', False),
    (AUDIT, "HttpParameters.PathParameterValues", (" ",), '" "', False),
    (DESTINATION, "RetryPolicy", RetryPolicy(186), "186", False),
    (DESTINATION, "RetryPolicy", RetryPolicy(3, 59), "59", False),
    (DESTINATION, "Input", "{}", "Input in a destination", False),
    (Owner("rule", "gone"), "EventPattern", "{}", "the rule 'gone' is not defined", False),
)  # fmt: skip


@pytest.mark.parametrize(("owner", "member", "value", "found", "laid"), REFUSED)
def test_what_loading_would_refuse(
    write: Write, owner: Owner, member: Member, value: EditValue, found: str, laid: bool
) -> None:
    definitions = write(*STYLES["JSON of two spaces"])
    workspace = definitions.workspace
    edit = Edit(owner, member, value)
    applied = apply(workspace, [edit])
    assert [fault for fault in applied.errors if found in fault.found]
    assert applied.refused == (() if laid else (edit,))
    assert (applied.workspace != workspace) == laid
    if laid:
        assert set(applied.errors) <= set(applied.workspace.faults)
    with pytest.raises(EditError, match="not written"):
        plan(workspace, [edit])
    assert definitions.path.read_text() == definitions.text


def test_a_fault_says_where_in_the_typed_pattern(write: Write) -> None:
    workspace = write(*STYLES["JSON of two spaces"]).workspace
    typed = '{\n  "source": ["shop"],\n  "detail": "x"\n}'
    [fault] = apply(workspace, [Edit(RULE, "EventPattern", typed)]).errors
    assert "line 3" in fault.found
    assert (fault.origin.file, fault.origin.path) == ("shop.json", "$.Rules[0].EventPattern")


def test_a_mended_fault_is_gone(write: Write) -> None:
    name, text = STYLES["JSON of two spaces"]
    workspace = write(name, text.replace("<total>", "<sum>")).workspace
    assert [fault for fault in workspace.faults if fault.kind == "input"]
    mended = apply(workspace, [Edit(CRM, "InputTransformer.InputTemplate", '{"total": <total>}')])
    assert mended.faults == ()
    assert not [fault for fault in mended.workspace.faults if fault.kind == "input"]


def test_a_template_and_its_paths_may_come_in_any_order(write: Write) -> None:
    workspace = write(*STYLES["JSON of two spaces"]).workspace
    edits = [
        Edit(AUDIT, "InputTransformer.InputPathsMap", {"a": "$.b"}),
        Edit(AUDIT, "InputTransformer.InputTemplate", "<b>"),
        Edit(AUDIT, "InputTransformer.InputTemplate", '"<a>"'),
    ]
    applied = apply(workspace, edits)
    assert applied.faults == ()
    assert value_of(applied.workspace, AUDIT, "InputTransformer.InputTemplate") == '"<a>"'
    assert value_of(applied.workspace, AUDIT, "InputTransformer.InputPathsMap") == {"a": "$.b"}


def test_an_option_can_take_the_place_of_another(write: Write) -> None:
    workspace = write(*STYLES["JSON of two spaces"]).workspace
    edits = [Edit(CRM, "InputPath", "$.detail"), Edit(CRM, "InputTransformer.InputTemplate", None)]
    applied = apply(workspace, edits)
    assert applied.faults == ()
    assert value_of(applied.workspace, CRM, "InputPath") == "$.detail"


def test_whom_a_member_of_a_route_belongs_to(write: Write) -> None:
    workspace = write(*STYLES["JSON of two spaces"]).workspace
    route = workspace.routes()[0]
    assert Owner.of_route(route, "EventPattern") == RULE
    assert Owner.of_route(route, "HttpParameters.HeaderParameters") == CRM
    direct = Route(route.target, route.destination, route.connection)
    assert Owner.of_route(direct, "HttpParameters.HeaderParameters") == DESTINATION
    with pytest.raises(EditError, match="a destination that no rule targets"):
        Owner.of_route(direct, "Input")

"""Only what was edited changes, and it is written as its surroundings are."""

import json
from collections.abc import Callable
from difflib import ndiff

import pytest

from inspector.config.editing import Edit, EditError, Owner
from inspector.config.editing.difference import difference
from inspector.config.editing.file_change import plan
from inspector.eventbridge.resources import RetryPolicy
from tests.edit.conftest import Definitions, Write
from tests.edit.files import CANARY, PATTERN, STYLES

RULE = Owner("rule", "orders")
CRM = Owner("target", "orders", target_id="crm")
AUDIT = Owner("target", "orders", target_id="audit")
DESTINATION = Owner("destination", "crm")

PAID = json.dumps(
    {**PATTERN, "detail": {"total": [{"numeric": [">=", 50]}], "state": ["new", "paid"]}}, indent=4
)
TEMPLATE = Edit(CRM, "InputTransformer.InputTemplate", '{\n  "id": <id>\n}')
STATE = Edit(RULE, "EventPattern", PAID)
ADD_HEADER = Edit(
    CRM, "HttpParameters.HeaderParameters", {"X-Shop": "web", "X-Id": "$.detail.id", "X-New": "no"}
)
DROP_HEADER = Edit(CRM, "HttpParameters.HeaderParameters", {"X-Id": "$.detail.id"})
DROP_QUERY = Edit(CRM, "HttpParameters.QueryStringParameters", None)
RETRIES = Edit(DESTINATION, "RetryPolicy", RetryPolicy(5))
SUM = Edit(CRM, "InputTransformer.InputPathsMap", {"id": "$.detail.id", "total": "$.detail.sum"})
INPUT_PATH = Edit(AUDIT, "InputPath", "$.detail")


@pytest.mark.parametrize(
    ("style_of_file", "edit", "lines"),
    [
        pytest.param(
            "JSON of two spaces", STATE,
            ['-            "new"', '+            "new",', '+            "paid"'],
            id="an item more, in a pattern that is an object",
        ),
        pytest.param(
            "JSON of two spaces", TEMPLATE,
            [r'-            "InputTemplate": "{\"order\": <id>, \"total\": <total>}"',
             r'+            "InputTemplate": "{\n  \"id\": <id>\n}"'],
            id="a template, which is a string",
        ),
        pytest.param(
            "JSON of two spaces", ADD_HEADER,
            ['-              "X-Id": "$.detail.id"', '+              "X-Id": "$.detail.id",',
             '+              "X-New": "no"'],
            id="a member more",
        ),
        pytest.param(
            "JSON of two spaces", DROP_HEADER, ['-              "X-Shop": "web",'], id="the first member less"
        ),
        pytest.param(
            "JSON of two spaces", DROP_QUERY,
            ["-            },", '-            "QueryStringParameters": {', '-              "v": "2"'],
            id="an object less",
        ),
        pytest.param(
            "JSON of two spaces", RETRIES,
            ['-        "MaximumRetryAttempts": 3', '+        "MaximumRetryAttempts": 5'],
            id="a number, and no default beside it",
        ),
        pytest.param(
            "JSON of two spaces", INPUT_PATH,
            ['-          "RoleArn": "arn:aws:iam::123456789012:role/invoke"',
             '+          "RoleArn": "arn:aws:iam::123456789012:role/invoke",',
             '+          "InputPath": "$.detail"'],
            id="a member where AWS has it",
        ),
        pytest.param(
            "JSON of tabs and odd spaces", ADD_HEADER,
            ['-\t\t\t\t\t\t\t"X-Id" :  "$.detail.id"', '+\t\t\t\t\t\t\t"X-Id" :  "$.detail.id",',
             '+\t\t\t\t\t\t\t"X-New" :  "no"'],
            id="tabs and odd spaces",
        ),
        pytest.param(
            "YAML", STATE, ["+                  - paid"], id="YAML: an item more beside a comment"
        ),
        pytest.param(
            "YAML", TEMPLATE,
            ['-                      "order": <id>,', "-", '-                      "total": <total>',
             '+                      "id": <id>'],
            id="YAML: a literal block stays one, with its comment",
        ),
        pytest.param(
            "YAML", ADD_HEADER, ["+                    X-New: 'no'"],
            id="YAML: quotes where YAML 1.1 needs them",
        ),
        pytest.param(
            "YAML", DROP_HEADER, ['-                    X-Shop: "web"   # a comment to keep'],
            id="YAML: a line less",
        ),
        pytest.param(
            "YAML", Edit(RULE, "EventPattern", '{"detail-type": ["x"], "detail": {"state": ["new"]}}'),
            ["-          source: [shop]   # ours", "+          detail-type: [x]",
             '-              total: [{numeric: [">=", 50]}]'],
            id="YAML: another first member",
        ),
        pytest.param(
            "YAML", RETRIES, ["-    MaximumRetryAttempts: 3", "+    MaximumRetryAttempts: 5"],
            id="YAML: a number under a comment",
        ),
        pytest.param(
            "YAML", SUM,
            ["-                    total: '$.detail.total'", "+                    total: '$.detail.sum'"],
            id="YAML: quotes stay as they are",
        ),
        pytest.param(
            "YAML", Edit(DESTINATION, "HttpParameters.PathParameterValues", ("$.detail.id", "v1")),
            ["+    - v1"], id="YAML: an item more at the depth of the list",
        ),
        pytest.param(
            "YAML of several documents", Edit(AUDIT, "HttpParameters.HeaderParameters", {"A": "b"}),
            ["+  HttpParameters:", "+    HeaderParameters:", "+      A: b"],
            id="YAML: at the end of a file without a line end",
        ),
        pytest.param(
            "JSON in a YAML file", INPUT_PATH,
            ['-          "RoleArn": "arn:aws:iam::123456789012:role/invoke"',
             '+          "RoleArn": "arn:aws:iam::123456789012:role/invoke",',
             '+          "InputPath": "$.detail"'],
            id="JSON in a YAML file stays JSON",
        ),
    ],
)  # fmt: skip
def test_the_lines_that_change(
    style: Callable[[str], Definitions], style_of_file: str, edit: Edit, lines: list[str]
) -> None:
    definitions = style(style_of_file)
    assert definitions.difference(edit) == lines
    after = definitions.write(edit)
    newline = "\r\n" if "CRLF" in style_of_file else "\n"
    changed = [
        line[0] + line[2:]
        for line in ndiff(definitions.text.split(newline), after.split(newline))
        if line[0] in "-+"
    ]
    assert sorted(changed) == sorted(lines)


@pytest.mark.parametrize(
    ("style_of_file", "edit", "before", "after"),
    [
        pytest.param(
            "JSON on one line", STATE, '"state": ["new"]', '"state": ["new", "paid"]', id="one line"
        ),
        pytest.param(
            "JSON without a space", STATE, '"state":["new"]', '"state":["new","paid"]', id="no space"
        ),
        pytest.param(
            "JSON without a space", INPUT_PATH,
            '"RoleArn":"arn:aws:iam::123456789012:role/invoke"}]}',
            '"RoleArn":"arn:aws:iam::123456789012:role/invoke","InputPath":"$.detail"}]}',
            id="no space, a member more",
        ),
        pytest.param("JSON Lines", DROP_HEADER, '{"X-Shop": "web", "X-Id"', '{"X-Id"', id="a line of many"),
        pytest.param(
            "a compact pattern as a string", STATE, r'\"state\":[\"new\"]', r'\"state\":[\"new\",\"paid\"]',
            id="a pattern in a string stays compact",
        ),
        pytest.param(
            "YAML", Edit(AUDIT, "Input", '{"a": "it\'s"}'),
            """Input: '{"a": 1}'""", """Input: '{"a": "it''s"}'""",
            id="YAML: in braces",
        ),
    ],
)  # fmt: skip
def test_the_characters_that_change(
    style: Callable[[str], Definitions], style_of_file: str, edit: Edit, before: str, after: str
) -> None:
    definitions = style(style_of_file)
    assert definitions.text.count(before) == 1
    assert definitions.write(edit) == definitions.text.replace(before, after)


def test_a_pattern_in_a_string_is_kept_as_typed(style: Callable[[str], Definitions]) -> None:
    definitions = style("a pattern as a string")
    after = json.loads(definitions.write(STATE))
    assert after["Rules"][0]["EventPattern"] == PAID


def test_line_ends_stay_as_they_are(style: Callable[[str], Definitions]) -> None:
    for name in ("JSON with CRLF", "YAML with CRLF"):
        after = style(name).write(STATE, TEMPLATE, ADD_HEADER, DROP_QUERY, RETRIES)
        assert after.count("\n") == after.count("\r\n")


def test_a_byte_order_mark_stays(write: Write) -> None:
    definitions = write("shop.json", "\ufeff" + STYLES["JSON of two spaces"][1])
    assert definitions.write(DROP_HEADER).startswith("\ufeff{")


def test_a_file_of_escapes_stays_ascii(write: Write) -> None:
    text = STYLES["JSON of two spaces"][1].replace('"web"', r'"caf\u00e9"')
    edit = Edit(AUDIT, "Input", '"é"')
    assert r'"Input": "\"\u00e9\""' in write("shop.json", text).write(edit)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(
            "Rules:\n- Name: orders\n  EventPattern: &p {source: [a]}\n- Name: more\n  EventPattern: *p\n",
            id="an alias",
        ),
        pytest.param(
            '{"Name": "orders", "EventPattern": {"source": ["a"], "source": ["b"]}}', id="a key twice"
        ),
    ],
)
def test_what_cannot_be_changed_by_itself_is_left_alone(write: Write, text: str) -> None:
    definitions = write("shop.yaml" if "&p" in text else "shop.json", text)
    wanted = Edit(RULE, "EventPattern", '{"detail-type": ["x"]}')
    if "&p" not in text:
        # An object whose keys are in doubt is written anew as a whole.
        assert '"source"' not in definitions.write(wanted)
        return
    with pytest.raises(EditError, match="cannot be changed by itself") as caught:
        definitions.write(wanted)
    assert "edit the file by hand" in caught.value.hint
    assert definitions.path.read_text() == text


def test_a_merged_parameter_is_overridden_where_the_target_stands(write: Write) -> None:
    text = (
        "Rules:\n- Name: orders\n  EventPattern: {source: [a]}\n  Targets:\n"
        "  - &base\n    Id: crm\n    Arn: crm\n    HttpParameters: {HeaderParameters: {A: b}}\n"
        "  - <<: *base\n    Id: audit\n"
    )
    edit = Edit(AUDIT, "HttpParameters.HeaderParameters", {"A": "c"})
    assert write("shop.yaml", text).difference(edit) == [
        "+    HttpParameters:",
        "+      HeaderParameters:",
        "+        A: c",
    ]


@pytest.mark.parametrize("name", STYLES)
def test_a_difference_shows_no_secret_of_a_neighbour(style: Callable[[str], Definitions], name: str) -> None:
    definitions = style(name)
    assert CANARY in definitions.text
    lines = [
        str(line)
        for change in plan(definitions.workspace, [STATE, ADD_HEADER, RETRIES])
        for line in difference(change)
    ]
    assert lines[0] == f"--- {definitions.path}"
    assert CANARY not in "\n".join(lines)


def test_a_line_says_where_it_stands_and_which_characters_changed(
    style: Callable[[str], Definitions],
) -> None:
    definitions = style("YAML")
    [change] = plan(definitions.workspace, [RETRIES])
    old, new = (line for line in difference(change) if line.mark in ("removed", "added"))
    number = definitions.text[: definitions.text.index("MaximumRetryAttempts")].count("\n") + 1
    assert (old.before, old.after, new.before, new.after) == (number, None, None, number)
    assert old.changed is not None
    assert new.changed is not None
    assert (old.text[slice(*old.changed)], new.text[slice(*new.changed)]) == ("3", "5")


def test_a_reference_is_never_written_out(write: Write) -> None:
    text = STYLES["JSON of two spaces"][1].replace("https://crm.example.com", "${env:CRM}")
    definitions = write("shop.json", text)
    assert "${env:CRM}" in definitions.write(DROP_HEADER)

"""Bad content never stops a load: each fault is named in its place, and everything else is there."""

import json
import os
from pathlib import Path

import pytest

from inspector.config import ConfigError, load
from tests.config.conftest import Load
from tests.config.definitions import BASIC, DESTINATION, EVENT, RULE, TARGET, changed

BOMB = "a: &a [x,x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"{new}: &{new} [{', '.join([f'*{old}'] * 10)}]\n" for old, new in zip("abcdef", "bcdefg", strict=True)
)

BROKEN = [
    ("x.json", '{"Name": }', "$: not valid JSON: Expecting value (line 1, column 10); expected JSON"),
    ("x.json", '{"a": 1,\n "b" 2}', "$: not valid JSON: Expecting ':' delimiter (line 2, column 6)"),
    ("x.json", '{"a": NaN}', "$: not valid JSON: NaN is no JSON value"),
    ("x.json", "{}\n{}", "name the file .jsonl if it holds one a line"),
    ("x.json", "[" * 100_000, "$: not valid JSON: nested too deeply"),
    ("x.json", "", "$: an empty file"),
    ("x.json", b"\xff\xfe{\x00", "$: bytes that are no UTF-8 (at byte 0)"),
    ("x.json", b'{"a": "\x00"}', "$: a binary file"),
    ("x.json", " " * 10_000_001, "$: a file of more than 10 MB; expected at most 10 MB"),
    ("x.jsonl", f'{json.dumps(EVENT)}\n{{"a"\n', "line 2: $: not valid JSON: Expecting ':'"),
    ("x.yaml", "a: [1", "$: not valid YAML: expected ',' or ']', but got '<stream end>' (line 1, column 6)"),
    ("x.yaml", "a: *canary", "$: not valid YAML: found undefined alias (line 1, column 4)"),
    ("x.yaml", "a: \x01", "$: not valid YAML: a character that YAML forbids"),
    ("x.yaml", "a: &a [*a]", "$: values nested too deeply, or an alias inside of what it stands for"),
    ("x.yaml", BOMB, "$: too many values, counting what the aliases repeat"),
    ("x.yaml", "[" * 1000, "$: not valid YAML: nested too deeply"),
    ("x.yaml", "#" * 1_000_001, "$: a YAML file of more than 1 MB"),
    ("x.json", "5", "$: 5; expected an object"),
    ("x.json", '"text"', '$: "text"; expected an object'),
    ("x.json", "[[1]]", "$[0]: an array of 1; expected an object"),
    ("x.json", "{}", "$: an object without members"),
    ("x.json", '{"scripts": {}, "dependencies": {}}', "$: an object with the members scripts, dependencies;"),
    ("x.json", '{"Connection": []}', 'with the members Connection (did you mean "Connections"?)'),
    ("x.json", '{"Resources": {}, "Name": "x"}', "$: an object with the members Resources, Name;"),
    ("x.json", '{"source": ["shop"], "detail": {"n": [1]}}', "$: an event pattern that stands by itself"),
    ("x.json", '{"detail": {"a": {"b": [1]}}}', "$: an event pattern that stands by itself"),
    ("x.json", '{"source": "s", "detail": {}, "time": 5}', "$: 'time' of an event is a string"),
    ("x.json", '{"Source": "s", "Detail": "{"}', "$: Detail is malformed"),
    ("x.json", '[{"Source": "s", "Detail": "[]"}]', "$[0]: Detail is malformed"),
    ("x.json", '{"Events": [5]}', "$.Events[0]: 5; expected an object"),
    ("x.json", '{"Connections": [{"Name": "x"}]}', "$.Connections[0]: a connection without Auth"),
    ("x.json", '{"Rules": [{"Name": "r"}]}', '$.Rules[0]: the rule "r" without pattern or schedule'),
]  # fmt: skip


@pytest.mark.parametrize(("name", "content", "says"), BROKEN, ids=[says for _, _, says in BROKEN])
def test_a_broken_file_has_one_fault_and_the_others_load(
    load_files: Load, name: str, content: str | bytes, says: str
) -> None:
    workspace = load_files({name: content, "a.json": [BASIC, DESTINATION, RULE], "z.json": EVENT})
    assert [str(fault) for fault in workspace.faults if says in str(fault)], workspace.faults
    assert len(workspace.faults) == 1
    assert all(len(str(fault)) < 700 for fault in workspace.faults)
    assert "canary" not in str(workspace.faults[0])
    assert [route.name for route in workspace.routes()] == ["orders/t1"]
    assert "z" in [sample.name for sample in workspace.samples]
    assert workspace.files == ("a.json", name, "z.json")


@pytest.mark.parametrize(
    ("name", "content", "path"),
    [
        ("x.json", '{"source": "a", "detail": {"n": 1, "n": 2}}', "$.detail.n"),
        ("x.json", '[{"source": "a", "detail": [{"a b": 1, "a b": 2}]}]', '$[0].detail[0]["a b"]'),
        ("x.jsonl", '\n{"source": "a", "source": "b"}', "line 2: $.source"),
        ("x.yaml", "source: a\ndetail:\n  n: 1\n  n: 2\n", "$.detail.n"),
    ],
)
def test_a_key_that_stands_twice_is_pointed_out(load_files: Load, name: str, content: str, path: str) -> None:
    workspace = load_files({name: content})
    duplicates = [fault for fault in workspace.faults if "stands twice" in fault.found]
    assert [(fault.severity, fault.origin.path) for fault in duplicates] == [("warning", path)]


def test_a_yaml_tag_is_pointed_out(load_files: Load) -> None:
    workspace = load_files({"x.yaml": "source: s\ndetail: {a: !Ref Thing}\n"})
    assert [str(fault) for fault in workspace.faults] == [
        'x.yaml: $.detail.a: the tag "!Ref" is ignored; expected plain YAML values'
    ]


def test_every_fault_of_a_file_is_listed(load_files: Load) -> None:
    spoiled = changed(changed(DESTINATION, "HttpMethod", "TRACE"), "RetryPolicy.MaximumRetryAttempts", 500)
    workspace = load_files({"x.json": [BASIC, spoiled]})
    assert [fault.origin.path for fault in workspace.faults] == [
        "$[1].HttpMethod",
        "$[1].RetryPolicy.MaximumRetryAttempts",
    ]
    assert not workspace.destinations


def test_a_bad_target_leaves_its_rule_and_the_other_targets(load_files: Load) -> None:
    workspace = load_files(
        {"x.json": [BASIC, DESTINATION, changed(RULE, "Targets", [{"Id": "bad"}, TARGET])]}
    )
    assert [target.target_id for target in workspace.rules[0].targets] == ["t1"]
    assert [fault.origin.path for fault in workspace.faults] == ["$[2].Targets[0]"]


def test_a_refused_pattern_is_a_fault_and_its_rule_can_be_looked_at(load_files: Load) -> None:
    for number, pattern in enumerate(('{"source": "shop"}', {"source": "shop"}, '{"source"')):
        workspace = load_files({"x.json": {"Name": f"r{number}", "EventPattern": pattern}})
        (fault,) = workspace.faults
        assert (fault.severity, fault.origin.path) == ("error", "$.EventPattern")
        assert "Event pattern is not valid. Reason: " in fault.found
        assert [rule.name for rule in workspace.rules] == [f"r{number}"]


def test_a_refused_input_option_is_a_fault_and_its_target_can_be_looked_at(load_files: Load) -> None:
    bad = {**TARGET, "InputTransformer": {"InputPathsMap": {"a": "$.detail"}, "InputTemplate": '"<b>"'}}
    workspace = load_files({"x.json": [BASIC, DESTINATION, changed(RULE, "Targets.0", bad)]})
    (fault,) = workspace.faults
    assert (fault.severity, fault.origin.path) == ("error", "$[2].Targets[0].InputTransformer")
    assert "InputTemplate for target t1 contains invalid placeholder b." in fault.found
    assert len(workspace.routes()) == 1


def test_an_unreadable_file_in_a_folder_is_a_fault_and_by_name_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("gone.json").symlink_to("nowhere")
    os.mkfifo("pipe.json")
    Path("a.json").write_text(json.dumps(BASIC))
    workspace = load([Path()], environ={})
    assert [(fault.origin.file, fault.severity) for fault in workspace.faults] == [
        ("gone.json", "error"),
        ("pipe.json", "error"),
    ]
    assert len(workspace.connections) == 1
    with pytest.raises(ConfigError, match=r"gone\.json does not exist"):
        load([Path("a.json"), Path("gone.json")], environ={})


def test_no_secret_is_in_any_fault_however_a_file_is_broken(load_files: Load) -> None:
    """A literal secret in every place where something can be wrong with it or beside it."""
    canary = "canary"
    basic = {"Username": "u", "Password": canary}
    files: dict[str, object] = {
        "a.json": changed(BASIC, "AuthParameters", {"BasicAuthParameters": {**basic, "Passwort": canary}}),
        "b.json": changed(BASIC, "AuthParameters.BasicAuthParameters.Password", [canary]),
        "c.json": changed(BASIC, "AuthParameters.BasicAuthParameters.Password", f"{canary}:"),
        "d.json": changed(BASIC, "AuthParameters.BasicAuthParameters", canary),
        "e.json": changed(BASIC, "AuthParameters", {"Basik": basic}),
        "f.json": {"username": canary, "password": canary},
        "g.json": f'{{"Password": "{canary}" "x"}}',
        "h.yaml": f"Password: *{canary}",
        "i.yaml": f"Password: [{canary}",
        "j.json": changed(
            BASIC,
            "AuthParameters.InvocationHttpParameters.HeaderParameters",
            [{"Key": "X", "Value": f"{canary}\n"}, {"Key": "X", "Value": {"a": canary}}],
        ),
    }
    workspace = load_files(files)
    assert {fault.origin.file for fault in workspace.faults} >= files.keys()
    assert canary not in " ".join(map(str, workspace.faults))

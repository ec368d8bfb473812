"""`inspector test`: the format of suites, how cases are judged, what faults of a suite look like."""

import json
from pathlib import Path
from xml.etree import ElementTree

import pytest

from inspector.config.suites import SuiteError, read_suite
from inspector.eventbridge.resources import InputTransformer, Rule, Target, TargetInput, Workspace
from inspector.workbench.junit import junit
from inspector.workbench.suite import CaseResult, judge_suites

EVENT = {"source": "shop.orders", "detail": {"total": "300", "o": {"k": 1}}}
RULES = Workspace(
    rules=(
        Rule(
            "big",
            '{"detail": {"total": [{"numeric": [">", 100]}]}}',
            (
                Target("crm", "arn", TargetInput(input_path="$.detail.total")),
                Target(
                    "erp", "arn", TargetInput(input_transformer=InputTransformer("<t>", {"t": "$.detail.o"}))
                ),
            ),
        ),
        Rule("nightly", None, schedule_expression="rate(1 day)"),
    )
)


def judged(tmp_path: Path, *cases: object, name: str = "suite.jsonl") -> list[CaseResult]:
    suite = tmp_path / name
    suite.write_text("\n".join(json.dumps(case) for case in cases))
    return list(judge_suites([suite], RULES))


@pytest.mark.parametrize(
    ("case", "got"),
    [
        pytest.param(
            {"pattern": {"source": [{"prefix": "shop"}]}, "event": EVENT, "expect": "match"},
            "match",
            id="a pattern as an object",
        ),
        pytest.param(
            {"pattern": '{"source": ["x"]}', "event": EVENT, "expect": "no-match"},
            "no-match",
            id="a pattern as text",
        ),
        pytest.param({"rule": "big", "event": EVENT, "expect": "no-match"}, "no-match", id="a rule"),
        pytest.param(
            {"pattern": '{"source": []}', "expect": "invalid", "reason": "Empty arrays are not allowed"},
            "invalid: Empty arrays are not allowed",
            id="refused, with AWS's reason",
        ),
        pytest.param(
            {"pattern": "{", "expect": "invalid"},
            "invalid: Unexpected end-of-input",
            id="refused for whatever reason",
        ),
        pytest.param(
            {
                "target": {"InputTransformer": {"InputTemplate": '{"r": <aws.events.rule-name>}'}},
                "event": EVENT,
                "rule_name": "big",
                "expect": {"verdict": "deliver", "body": '{"r": "big"}'},
            },
            'deliver: {"r": "big"}',
            id="an input option with the exact body",
        ),
        pytest.param(
            {"rule": "big", "target": "crm", "event": EVENT, "expect": {"verdict": "deliver"}},
            "deliver",
            id="a rule's target",
        ),
        pytest.param(
            {"target": {"Input": "1", "InputPath": "$"}, "event": {}, "expect": {"verdict": "rejected"}},
            "rejected: Only one of Input",
            id="an input option that PutTargets refuses",
        ),
    ],
)
def test_cases_that_pass(tmp_path: Path, case: object, got: str) -> None:
    (result,) = judged(tmp_path, case)
    assert (result.passed, result.got[: len(got)]) == (True, got)


@pytest.mark.parametrize(
    ("case", "why"),
    [
        pytest.param(
            {"rule": "big", "event": EVENT, "expect": "match"},
            'is the string "300", the pattern wants',
            id="the explanation of a miss",
        ),
        pytest.param(
            {"pattern": {"source": ["x"]}, "expect": "invalid"},
            "EventBridge accepts this pattern",
            id="a pattern that is accepted",
        ),
        pytest.param(
            {"pattern": {"source": []}, "expect": "invalid", "reason": "Other"},
            "Empty arrays are not allowed",
            id="another reason",
        ),
        pytest.param(
            {"rule": "big", "target": "erp", "event": EVENT, "expect": {"verdict": "deliver"}},
            "`<t>`",
            id="a payload that is no JSON",
        ),
        pytest.param(
            {"target": {"Input": '"a"'}, "event": {}, "expect": {"verdict": "deliver", "body": "a"}},
            "the bodies differ",
            id="another body",
        ),
    ],
)
def test_cases_that_fail_say_why(tmp_path: Path, case: object, why: str) -> None:
    (result,) = judged(tmp_path, case)
    assert not result.passed
    assert why in result.explanation


@pytest.mark.parametrize(
    ("name", "text"),
    [
        pytest.param("s.json", '[{"pattern": {"a": [1]}, "event": {"a": 1}, "expect": "match"}]', id="array"),
        pytest.param(
            "s.json", '{"cases": [{"pattern": {"a": [1]}, "event": {"a": 1}, "expect": "match"}]}', id="cases"
        ),
        pytest.param("s.yaml", "cases:\n- pattern: {a: [1]}\n  event: {a: 1}\n  expect: match\n", id="YAML"),
        pytest.param("s.yaml", "pattern: {a: [1.0]}\nevent: {a: 1}\nexpect: match\n", id="one YAML document"),
    ],
)
def test_other_forms_of_a_suite(tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / name).write_text(text)
    (result,) = judge_suites([tmp_path / name], Workspace())
    assert result.passed
    assert result.case.name.endswith(("$", "[0]"))


@pytest.mark.parametrize(
    ("line", "says"),
    [
        pytest.param("{", "line 1: $: not valid JSON", id="no JSON"),
        pytest.param("3", "a case that is number; expected an object", id="no object"),
        pytest.param('{"expect": "match"}', "both or neither of pattern and rule", id="nothing to try"),
        pytest.param('{"pattern": {"a": [1]}, "expect": "match"}', "no event", id="no event"),
        pytest.param('{"pattern": {}, "event": [], "expect": "match"}', "an event that is array", id="array"),
        pytest.param('{"pattern": {}}', "no expect", id="no expectation"),
        pytest.param('{"expect": "maybe"}', 'expect: "maybe"', id="unknown expectation"),
        pytest.param('{"expect": {"verdict": "deliver", "bdy": ""}}', "expect: {", id="misspelt body"),
        pytest.param('{"evnt": {}}', 'the member "evnt"', id="misspelt member"),
        pytest.param('{"event": {}, "expect": {"verdict": "deliver"}}', "without its input", id="no target"),
        pytest.param(
            '{"rule": "bg", "event": {}, "expect": "match"}', "rule 'bg' is not in the workspace", id="rule"
        ),
        pytest.param(
            '{"rule": "nightly", "event": {}, "expect": "match"}', "it has no pattern to test", id="schedule"
        ),
        pytest.param(
            '{"rule": "big", "event": {}, "expect": {"verdict": "deliver"}}',
            "has no target '' (targets: crm, erp)",
            id="one of several targets",
        ),
    ],
)
def test_a_suite_that_cannot_be_read_names_the_place(tmp_path: Path, line: str, says: str) -> None:
    suite = tmp_path / "suite.jsonl"
    suite.write_text(line + "\n")
    with pytest.raises(SuiteError) as raised:
        list(judge_suites([suite], RULES))
    assert says in str(raised.value)
    assert str(suite) in str(raised.value)


def test_a_missing_suite(tmp_path: Path) -> None:
    with pytest.raises(SuiteError, match="cannot be read: no such file"):
        list(read_suite(tmp_path / "none.jsonl"))


def test_numbers_of_a_suite_keep_their_text(tmp_path: Path) -> None:
    """A pattern number of too many digits matches only the same text (patterns, section 7)."""
    suite = tmp_path / "suite.jsonl"
    suite.write_text('{"pattern": {"a": [2.0e422]}, "event": {"a": 2.0e422}, "expect": "match"}')
    assert [result.passed for result in judge_suites([suite], Workspace())] == [True]


def test_junit_report(tmp_path: Path) -> None:
    results = judged(
        tmp_path,
        {"name": "good", "pattern": {"source": ["shop.orders"]}, "event": EVENT, "expect": "match"},
        {"name": "bad \x1b]0;x\x07", "pattern": {"source": ["x"]}, "event": EVENT, "expect": "match"},
    )
    junit(results, tmp_path / "report.xml", 0.25)
    root = ElementTree.parse(tmp_path / "report.xml").getroot()
    assert (root.get("tests"), root.get("failures"), root.get("time")) == ("2", "1", "0.250")
    assert [case.get("name") for case in root.iter("testcase")] == ["good", "bad �]0;x�"]
    (failure,) = root.iter("failure")
    assert failure.get("message") == "expected match; got no-match"

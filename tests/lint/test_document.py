"""The table of rules and the page that is made of it."""

import re
from pathlib import Path

import pytest

from inspector.eventbridge.lint import RULES, LintRule
from inspector.eventbridge.lint.document import document
from inspector.eventbridge.lint.table import AREAS

PAGE = Path(__file__).parent.parent.parent / "docs" / "lint.md"


def test_the_page_is_that_of_the_table() -> None:
    assert PAGE.read_text("utf-8") == document(), "run: inspector lint --explain all > docs/lint.md"


def test_codes_are_unique_and_in_order() -> None:
    codes = [rule.code for rule in RULES]
    assert codes == sorted(set(codes))


@pytest.mark.parametrize("rule", RULES, ids=[rule.code for rule in RULES])
def test_a_rule_says_what_a_person_needs(rule: LintRule) -> None:
    assert re.fullmatch(r"EBI[0-9]{3}", rule.code)
    assert rule.code[3] in AREAS
    assert not rule.title.endswith(".")
    assert rule.why.endswith(".")
    assert rule.fix.endswith((".", "]", "}"))
    assert rule.source

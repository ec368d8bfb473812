"""`docs/lint.md`, made of the table of rules."""

from collections.abc import Iterator, Sequence

from inspector.eventbridge.lint.rule import LintRule
from inspector.eventbridge.lint.table import AREAS, RULES

_OPENING = """\
# Lint rules

What `inspector lint` looks for in a workspace. An **error** is refused by AWS or can never work; a
**warning** works, but not as it is written, or may lose events; an **info** is good to know. The exit code
is 1 when there is an error (with `--strict`: or a warning), else 0, and 2 when the definitions cannot be
read.

Behind the severity stands the area of EventBridge's behaviour that the rule rests on, named as in the
docstrings of the code that follows it.

`inspector lint --explain CODE` prints one of these rules, `inspector lint --explain all` this page, which is
made of the table of rules in `inspector/eventbridge/lint/`.
"""


def document(rules: Sequence[LintRule] = RULES) -> str:
    """Return the page about all rules, in Markdown."""
    return "\n".join(_lines(rules)) + "\n"


def _lines(rules: Sequence[LintRule]) -> Iterator[str]:
    yield _OPENING
    for digit, area in AREAS.items():
        yield f"## {area}\n"
        own = [rule for rule in rules if rule.code.startswith(f"EBI{digit}")]
        for number, rule in enumerate(own):
            yield f"### {rule.code}: {rule.title}\n"
            yield f"*{rule.severity}* · {rule.source}\n"
            yield f"{rule.why}\n"
            yield f"**What to do.** {rule.fix}" + (
                "\n" if number < len(own) - 1 or digit != max(AREAS) else ""
            )

"""What a lint rule is, and what it finds."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from inspector.eventbridge.lint.subject import Subject
from inspector.eventbridge.resources import Origin

Severity: TypeAlias = Literal["error", "warning", "info"]


@dataclass(frozen=True, slots=True)
class Hit:
    """One place where a rule strikes.

    place: the name of the resource. message: what is wrong, with the value found. fix: what to do here,
    empty where the rule's own words say it.
    """

    origin: Origin
    place: str
    message: str
    fix: str = ""


Check: TypeAlias = Callable[[Subject], Iterator[Hit]]


@dataclass(frozen=True, slots=True)
class LintRule:
    """One rule: its code, how bad it is, what a person reads about it, and the function that looks.

    severity: an `error` is refused by AWS or can never work, a `warning` works but not as it is written, or
    may lose events, an `info` is good to know. source: where the behaviour is described.
    """

    code: str
    severity: Severity
    title: str
    why: str
    fix: str
    source: str
    check: Check = field(repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class Finding:
    """A rule that strikes at a place of a workspace; `fix` is never empty."""

    rule: LintRule
    origin: Origin
    place: str
    message: str
    fix: str

    @property
    def code(self) -> str:
        """The rule's code, such as `EBI302`."""
        return self.rule.code

    @property
    def severity(self) -> Severity:
        """How bad it is."""
        return self.rule.severity

"""The parts that a request is made of, each with where it came from."""

from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from inspector.eventbridge.assumption import Assumption
from inspector.secret import Secret

Source: TypeAlias = Literal[
    "aws", "destination", "connection", "target", "event", "authorization", "inspector"
]
"""Fixed by AWS; the destination's own; the connection's parameters; the target's literal ones; the
target's, read from the event by a JSON path; the connection's credential; a deviation of the inspector's
own, which EventBridge would not send."""


@dataclass(frozen=True, slots=True)
class Part:
    """A header, a query parameter, a path parameter or a body parameter, with its provenance.

    detail: for `event`, the JSON path; otherwise which definition. replaced: what it took the place of,
    for a reader (`target's "t"`), empty when nothing.
    """

    name: str
    value: str | Secret
    source: Source
    detail: str = ""
    replaced: str = ""

    def described(self) -> str:
        """Return what it is for a reader of what took its place; a secret stays masked."""
        if self.source == "event":
            return f'target\'s "{self.value}" from {self.detail}'
        return f'{self.source}\'s "{self.value}"'


@dataclass(frozen=True, slots=True)
class Stripped:
    """A configured header that EventBridge removes, and why."""

    name: str
    value: str | Secret
    source: Source
    why: str


@dataclass(frozen=True, slots=True)
class Note:
    """Something that a reader of the request should know; `warning` marks what she should mend."""

    text: str
    warning: bool = False


@dataclass(slots=True)
class Remarks:
    """What building a request finds to tell its reader; each thing is told once."""

    notes: list[Note] = field(default_factory=list)
    assumptions: list[Assumption] = field(default_factory=list)

    def note(self, text: str, *, warning: bool = False) -> None:
        """Tell the reader something; with `warning`, something to mend."""
        if (note := Note(text, warning)) not in self.notes:
            self.notes.append(note)

    def assume(self, assumption: Assumption) -> None:
        """Tell the reader of a behaviour that is not established."""
        if assumption not in self.assumptions:
            self.assumptions.append(assumption)

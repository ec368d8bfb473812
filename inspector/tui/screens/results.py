"""How an attempt and an outcome are put into a few words and a tone."""

from typing import Final

from textual.content import Content

from inspector.delivery.events import Attempt, Outcome, OutcomeKind
from inspector.eventbridge.resources import Route
from inspector.eventbridge.retry import OutcomeClass
from inspector.tui.screens.frame import Tone, ink

OUTCOME_TONES: Final[dict[OutcomeKind, Tone]] = {
    "delivered": "ok",
    "dead-lettered": "bad",
    "dropped": "bad",
    "abandoned": "warn",
}
OUTCOME_MARKS: Final[dict[OutcomeKind, str]] = {
    "delivered": "✔",
    "dead-lettered": "✘",
    "dropped": "✘",
    "abandoned": "■",
}
INKS: Final[dict[Tone, str]] = {"ok": "ok", "warn": "warn", "bad": "bad", "info": "info", "plain": "plain"}
CHIPS: Final[dict[Tone, str]] = {tone: f"chip-{tone}" for tone in INKS} | {"plain": "chip-dim"}
"""The names of the tones among the inks of the widgets that paint their own lines."""

CLASS_TONES: Final[dict[OutcomeClass, Tone]] = {"success": "ok", "retriable": "warn", "final": "bad"}


def duration(milliseconds: float) -> str:
    """Return a latency, short."""
    if milliseconds >= 1000:
        return f"{milliseconds / 1000:.2f} s"
    return f"{milliseconds:.0f} ms" if milliseconds >= 10 else f"{milliseconds:.1f} ms"


def counted(number: int, noun: str) -> str:
    """Return `1 thing` or `2 things`."""
    return f"{number} {noun}{'' if number == 1 else 's'}"


def answer(attempt: Attempt) -> str:
    """Return what came back: status and reason, or the kind of error."""
    if attempt.response:
        return f"{attempt.response.status} {attempt.response.reason}".strip()
    return attempt.error.kind if attempt.error else "no answer"


def attempt_note(attempt: Attempt) -> Content:
    """Return an attempt in the few words that a border has room for."""
    tone = CLASS_TONES[attempt.classification.outcome]
    return Content.assemble(
        ink(f"attempt {attempt.number} · "), ink(answer(attempt), tone),
        ink(f" · {duration(attempt.timings.total)}"),
    )  # fmt: skip


def status_chip(status: int) -> str:
    """Return the ink of a status by its class, where nothing more is known of it."""
    return {2: "chip-ok", 5: "chip-warn"}.get(status // 100, "chip-bad")


def outcome_words(outcome: Outcome, last: Attempt | None) -> tuple[str, Tone]:
    """Return how a delivery ended, for the line above the panes."""
    status = f"{last.status} " if last and last.status else ""
    text = f"{OUTCOME_MARKS[outcome.kind]} {status}{outcome.kind} · {counted(outcome.attempts, 'attempt')}"
    return text, OUTCOME_TONES[outcome.kind]


def template_of(route: Route) -> str | None:
    """Return the InputTemplate of a route, None where it has none."""
    transformer = route.target.input.input_transformer
    return transformer.input_template if transformer else None


def payload_note(verdict: str, mode: str) -> Content:
    """Return in a few words what a payload was made by and whether it would be delivered."""
    words = {
        "deliver": "would be delivered",
        "invalid-json": "no valid JSON: not delivered",
        "nothing": "nothing to deliver",
    }
    made = "the event as it is" if mode == "event" else f"made by {mode}"
    return Content.assemble(ink(made), ink(f" · {words[verdict]}", "ok" if verdict == "deliver" else "bad"))

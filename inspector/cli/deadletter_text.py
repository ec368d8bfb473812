"""Dead letters for a reader: a line each, and one explained."""

from collections.abc import Sequence
from typing import Final

from inspector.cli.console import Cell, Painter, Style
from inspector.cli.history_text import local_time
from inspector.cli.request_text import assumption_lines, body_lines
from inspector.config.dead_letters import HeldLetter
from inspector.workbench.deadletters import BODY_WORDS, Explanation

_SHORT_ID: Final = 8


def letter_row(number: int, explained: Explanation, *, delivered_since: bool) -> Sequence[Cell]:
    """Return the cells of one line of the list."""
    held = explained.held
    retries = held.attribute("RETRY_ATTEMPTS")
    return (
        (str(number) if not held.delivery_id else held.delivery_id[:_SHORT_ID], "accent"),
        (local_time(held.sent_at) if held.sent_at else "", "dim"),
        (explained.code.code or "no code", "bad"),
        f"{retries} retr{'y' if retries == '1' else 'ies'}" if retries else "",
        (f"{explained.rule or '?'} → {explained.target or '?'}", "strong"),
        ("✓ redriven" if delivered_since else "", "good"),
        (held.message_id, "dim"),
        (held.attribute("ERROR_MESSAGE"), "dim"),
    )


def explanation_lines(paint: Painter, explained: Explanation, *, delivered_since: bool) -> list[str]:
    """Return one dead letter explained: where it comes from, why it failed, what to do, what it holds."""
    held, code, routes = explained.held, explained.code, explained.resolution.routes
    route = ", ".join(f"{r.name} ({r.destination.invocation_endpoint})" for r in routes)
    rows: list[Sequence[Cell]] = [
        (("dead letter", "dim"), (held.identity or "without id", "accent")),
        (("held in", "dim"), str(held.origin)),
        (("sent", "dim"), local_time(held.sent_at) if held.sent_at else ""),
        (("rule", "dim"), *_named(explained.rule, held.attribute("RULE_ARN"), known=explained.rule_known)),
        (
            ("target", "dim"),
            *_named(explained.target, held.attribute("TARGET_ARN"), known=explained.target_known),
        ),
        (("goes to", "dim"), (route or "nowhere that is known", "plain" if route else "warn")),
        (("code", "dim"), (code.code or "none", "bad"), code.meaning),
        (("", "dim"), ("", "dim"), (f"given for {code.outcomes}" if code.outcomes else "", "dim")),
        (("message", "dim"), held.attribute("ERROR_MESSAGE")),
        (("end", "dim"), explained.end),
        (("what to do", "dim"), (code.advice, "strong")),
        (("queue", "dim"), held.letter.queue_arn),
        (("since", "dim"), ("✓ sent again and delivered" if delivered_since else "", "good")),
    ]
    lines = [line for row in rows if any(_text(cell) for cell in row[1:]) for line in _labelled(paint, row)]
    if explained.resolution.note:
        lines.append(f"{paint('!', 'warn')} {paint(explained.resolution.note)}")
    if not held.letter.attributes and not held.delivery_id:
        hint = "the message has no attributes: receive it with --message-attribute-names All"
        lines.append(f"{paint('!', 'warn')} {paint(hint)}")
    lines += ["", *body_lines(paint, held.letter.body, BODY_WORDS[explained.body])]
    assumed = tuple(dict.fromkeys((*code.assumptions, *held.letter.assumptions)))
    return [*lines, *assumption_lines(paint, assumed)]


def next_lines(paint: Painter, explained: Explanation, where: str) -> list[str]:
    """Return the commands that lead on. where: the arguments that name the letter."""
    lines = [paint("Next", "dim")]
    shown = where
    if len(explained.resolution.routes) != 1:
        where += " --target NAME"
    if explained.body == "not-json":
        lines.append(paint(f"  inspector dlq redrive {where} --edit"))
    else:
        lines.append(paint(f"  inspector dlq redrive {where} --dry-run"))
        lines.append(paint(f"  inspector dlq redrive {where}"))
    if explained.body == "event":
        lines.append(paint(f"  inspector dlq show {shown} --body | inspector match -e -"))
        lines.append(paint("  or put it on a bus again, being an event (aws events put-events)", "dim"))
    return lines


def short_name(held: HeldLetter, number: int) -> str:
    """Return what names a letter on the command line."""
    return held.delivery_id[:_SHORT_ID] or str(number)


def _labelled(paint: Painter, row: Sequence[Cell]) -> list[str]:
    # Aligned by hand: a long ARN must not push every other line's second column away.
    label, *cells = row
    shown = "  ".join(paint(_text(cell), _style(cell)) for cell in cells if _text(cell))
    return [f"{paint(f'{_text(label):<12}', 'dim')} {shown}"]


def _text(cell: Cell) -> str:
    return cell if isinstance(cell, str) else cell[0]


def _style(cell: Cell) -> Style:
    return "plain" if isinstance(cell, str) else cell[1]


def _named(name: str, arn: str, *, known: bool) -> tuple[Cell, ...]:
    if not arn:
        return (("not told", "warn"),)
    return ((name or arn, "strong"), ("" if known else "(not in the definitions)", "warn"), (arn, "dim"))

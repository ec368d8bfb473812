"""What a backtest has found, for a reader and for another program."""

from collections.abc import Mapping, Sequence

from inspector.cli.console import Cell, Painter, cut
from inspector.cli.durations import seconds_text
from inspector.jsontext import JsonObject, JsonValue, dumps
from inspector.workbench.backtest import Backtest, Sample, Subject

_SUMMARY = 160
_SHOWN = {"id", "source", "detail-type", "Source", "DetailType"}


def report_lines(paint: Painter, test: Backtest, tested: Sequence[Subject], seconds: float) -> list[str]:
    """Return how many events each rule caught, the first of them, and the sum of it."""
    heads = paint.rows([_head(test, subject) for subject in tested])
    lines = []
    for subject, head in zip(tested, heads, strict=True):
        lines.append(head)
        lines += [f"    {paint(note, 'warn')}" for note in subject.notes]
        caught = test.caught.get(subject.name)
        if caught is None:
            continue
        lines += paint.rows(map(_sample_row, caught.samples), indent=4)
        unseen = caught.matches - len(caught.samples)
        if caught.samples and unseen:
            lines.append(f"    {paint(f'… and {unseen:,} more', 'dim')}")
    return [*lines, "", total_line(paint, test, seconds)]


def total_line(paint: Painter, test: Backtest, seconds: float) -> str:
    """Return the closing line: how many events matched, what could not be tested, the rate."""
    told = f"{test.matched:,} of {test.events:,} events matched"
    parts = [paint(told, "good" if test.matched else "bad", "strong")]
    if test.unreadable:
        parts.append(paint(f"{test.unreadable:,} unreadable", "bad"))
    if test.undecided:
        parts.append(paint(f"{test.undecided:,} undecided", "warn"))
    rate = f", {test.events / seconds:,.0f} events/s" if seconds else ""
    return ", ".join(parts) + paint(f"  in {seconds_text(max(seconds, 0.01))}{rate}", "dim")


def report_document(
    test: Backtest, tested: Sequence[Subject], source: str, seconds: float, *, complete: bool
) -> Mapping[str, object]:
    """Return the same for another program. complete: all of the source was tested."""
    return {
        "source": source,
        "complete": complete,
        "events": test.events,
        "matched": test.matched,
        "unreadable": test.unreadable,
        "undecided": test.undecided,
        "problems": [{"place": problem.place, "why": problem.why} for problem in test.problems],
        "rules": [_rule_document(test, subject) for subject in tested],
        "seconds": round(seconds, 3),
        "events_per_second": round(test.events / seconds) if seconds else None,
    }


def _head(test: Backtest, subject: Subject) -> list[Cell]:
    caught = test.caught.get(subject.name)
    if caught is None:
        return [("-", "dim"), (subject.name, "strong"), ("not tested", "warn")]
    if not caught.matches:
        return [("✗", "bad"), (subject.name, "strong"), ("no event", "dim")]
    number = f"{caught.matches:,} event{'' if caught.matches == 1 else 's'}"
    return [("✓", "good"), (subject.name, "strong"), number]


def _sample_row(sample: Sample) -> list[Cell]:
    document = sample.document
    place: list[Cell] = [(sample.place, "dim")] if sample.place else []
    return [
        *place,
        (_text(document, "id") or "no id", "accent"),
        _text(document, "source", "Source"),
        (_text(document, "detail-type", "DetailType"), "strong"),
        (summary(document), "dim"),
    ]


def _rule_document(test: Backtest, subject: Subject) -> Mapping[str, object]:
    caught = test.caught.get(subject.name)
    return {
        "rule": subject.name,
        "event_bus": subject.rule.event_bus_name if subject.rule else None,
        "state": subject.rule.state if subject.rule else None,
        "tested": caught is not None,
        "notes": list(subject.notes),
        "matches": caught.matches if caught else None,
        "samples": [_sample_document(sample) for sample in caught.samples] if caught else [],
    }


def _sample_document(sample: Sample) -> Mapping[str, object]:
    document = sample.document
    return {
        "place": sample.place or None,
        "event_id": _text(document, "id") or None,
        "source": _text(document, "source", "Source") or None,
        "detail_type": _text(document, "detail-type", "DetailType") or None,
        "summary": summary(document),
    }


def summary(document: JsonObject) -> str:
    """Return an event's detail on one line, cut; where it has none, what else is in it."""
    detail: JsonValue = document.get("detail", document.get("Detail"))
    if detail is None:
        detail = {name: value for name, value in document.items() if name not in _SHOWN}
    return cut(detail if isinstance(detail, str) else dumps(detail), _SUMMARY)


def _text(document: JsonObject, *names: str) -> str:
    values = (document.get(name) for name in names)
    return next((value for value in values if isinstance(value, str)), "")

"""What happened to many deliveries, as a sheet of plain values that any process can write down."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count
from typing import Final

from inspector.delivery.events import AttemptEnd, AttemptStart, DeliveryEvent, InvocationEnd, InvocationStart
from inspector.history.codec import text_column
from inspector.history.columns import (
    changes_of,
    delivery_columns,
    end_columns,
    event_columns,
    first_columns,
    start_columns,
)
from inspector.history.desk import Beginning, Item, Sheet
from inspector.history.records import NewDelivery

_refs: Final = count(1)


@dataclass(slots=True)
class Page:
    """One delivery of a batch on its way into the history.

    ref: tells it from the others of this process once it is on a sheet, 0 before.
    """

    new: NewDelivery
    batch_id: str = ""
    position: int = 0
    route: str = ""
    ref: int = 0


@dataclass(frozen=True, slots=True)
class Entry:
    """What happened to a delivery, in order."""

    page: Page
    steps: tuple[DeliveryEvent, ...]


def sheet_of(entries: Sequence[Entry]) -> Sheet:
    """Return what is to be written for entries; with the first of each page the delivery itself."""
    sheet = Sheet()
    requests = sheet.requests
    for entry in entries:
        page, payload = entry.page, entry.page.new.payload.body
        begins = not page.ref
        if begins:
            page.ref = next(_refs)
        match entry.steps:
            case (InvocationStart() as start, AttemptStart() as attempt) if begins:
                own = first_columns(page.new, requests) | delivery_columns(start) | delivery_columns(attempt)
                row = start_columns(attempt, payload, requests)
                sheet.begun.append((page.ref, (event_columns(page.new), own, _item(page)), row))
            case (AttemptEnd() as end, InvocationEnd() as outcome) if not begins:
                change = delivery_columns(end) | delivery_columns(outcome)
                sheet.ended.append((page.ref, end_columns(end, payload, requests), change))
            case steps:
                first: Beginning | None = None
                if begins:
                    first = (event_columns(page.new), first_columns(page.new, requests), _item(page))
                over = isinstance(steps[-1], InvocationEnd)
                changes = changes_of(steps, payload, requests)
                sheet.others.append((page.ref, first, changes, over))
    return sheet


def _item(page: Page) -> Item | None:
    return (page.batch_id, page.position, text_column(page.route)) if page.batch_id else None

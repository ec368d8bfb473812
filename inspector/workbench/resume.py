"""A run over many events taken up again: what it has sent is passed over, without holding it all."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from inspector.history.batches import Batch, Begun
from inspector.workbench.many_values import Item, Ready

if TYPE_CHECKING:
    from inspector.history import History

_PAGE = 1000


class Resumed:
    """What is left of a batch. sent, unknown: how many were passed over so far, and why."""

    def __init__(self, history: "History", batch: Batch) -> None:
        self.batch = batch
        self.sent = self.unknown = 0
        self._history = history

    def left_of(self, items: Iterable[Item]) -> Iterator[Item]:
        """Yield the items that the batch has not sent; they come in the order of their positions.

        One whose end nobody recorded is not repeated.
        """
        begun = self._begun()
        ahead = next(begun, None)
        here: dict[str, Begun] = {}
        at = -1
        for item in items:
            if item.position != at:
                at, here = item.position, {}
                while ahead is not None and ahead.position <= at:
                    if ahead.position == at:
                        here[ahead.route] = ahead
                    ahead = next(begun, None)
            found = here.get(item.route) if isinstance(item, Ready) else None
            match found.state if found else "unsent":
                case "sent":
                    self.sent += 1
                case "unknown":
                    self.unknown += 1
                case _:
                    yield item

    def _begun(self) -> Iterator[Begun]:
        after = (-1, "")
        while page := self._history.begun(self.batch.batch_id, after, _PAGE):
            yield from page
            after = (page[-1].position, page[-1].route)

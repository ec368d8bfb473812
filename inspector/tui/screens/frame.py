"""What frames every screen: the line above, the bar of keys below, panes that speak in their borders."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import ClassVar, Literal, TypeAlias

from rich.cells import cell_len
from textual import events
from textual.app import ComposeResult, RenderResult
from textual.containers import Container
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.screen import Screen
from textual.widget import Widget
from textual.worker import Worker, WorkerState

from inspector.safe import safe_line

Tone: TypeAlias = Literal["ok", "warn", "bad", "info", "plain"]

_TONES: dict[Tone, str] = {
    "ok": "$text-success on $success-muted bold",
    "warn": "$text-warning on $warning-muted bold",
    "bad": "$text-error on $error-muted bold",
    "info": "$text-primary on $primary-muted bold",
    "plain": "$foreground 80% on $foreground 12%",
}
_INKS: dict[Tone, str] = {
    "ok": "$text-success",
    "warn": "$text-warning",
    "bad": "$text-error",
    "info": "$text-primary",
    "plain": "$foreground 70%",
}


def ink(text: str, tone: Tone = "plain") -> Content:
    """Return text from anywhere as one safe line in the colour of its tone."""
    return Content.styled(safe_line(text), _INKS[tone])


def chip(text: str, tone: Tone) -> Content:
    """Return text from anywhere as a badge."""
    return Content.styled(f" {safe_line(text)} ", _TONES[tone])


def clipped(text: str, width: int) -> str:
    """Return text from anywhere on one line, of at most `width` characters."""
    line = safe_line(text)
    return line if len(line) <= width else line[: max(0, width - 1)] + "…"


class BackgroundFailed(Message):
    """A background task ended in an error that nobody foresaw."""

    def __init__(self, error: BaseException) -> None:
        super().__init__()
        self.error = error


class Watchful(Widget):
    """Tells the app when one of its own background tasks fails: Textual tells only their owner."""

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """Pass an unforeseen error on."""
        if event.state is WorkerState.ERROR and event.worker.error is not None:
            self.post_message(BackgroundFailed(event.worker.error))


class Pane(Watchful, Container):
    """A bordered place for one widget. What there is to say of it stands in the border, and costs no row."""

    ALLOW_MAXIMIZE = True

    def say(self, title: Content | str, note: Content | str = "") -> None:
        """Put `title` into the upper border and `note` into the lower one."""
        self.title(title)
        self.border_subtitle = _content(note)

    def title(self, title: Content | str) -> None:
        """Put `title` into the upper border."""
        self.border_title = _content(title)


def _content(text: Content | str) -> Content | None:
    return (Content(safe_line(text)) if isinstance(text, str) else text) or None


@dataclass(frozen=True, slots=True)
class Summary:
    """What the line above the panes says. The endpoint is empty unless one is bundled.

    errors, warnings: of the definitions. edited: definitions are edited and not written.
    """

    title: str = ""
    counts: tuple[str, ...] = ()
    errors: int = 0
    warnings: int = 0
    endpoint: str = ""
    result: str = ""
    tone: Tone = "plain"
    edited: bool = False


class TopBar(Widget):
    """One line: whose workspace, how much of it, what is wrong with it, and how the last delivery ended."""

    ALLOW_SELECT = False
    summary: reactive[Summary] = reactive(Summary())

    def render(self) -> RenderResult:
        """Return the line, what matters least left out where it is too narrow."""
        summary, width = self.summary, self.size.width
        found = ((summary.errors, "error"), (summary.warnings, "warning"))
        faults = ", ".join(f"{n} {noun}{'s' if n > 1 else ''}" for n, noun in found if n)
        right = chip(summary.result, summary.tone) if summary.result else Content("")
        left = Content.assemble((" ◆ ", "$accent"), (clipped(summary.title, 32), "bold"))
        if summary.edited:
            left = Content.assemble(left, " ", chip("edited", "warn"))
        room = width - right.cell_length - left.cell_length - 3
        optional: list[Content] = []
        if faults:
            tone = "$text-error" if summary.errors else "$text-warning"
            fault = Content.from_markup(f"[@click=app.problems][{tone}]⚠ $faults[/][/]", faults=faults)
            optional.append(fault)
        counts = [Content.styled(count, "$foreground 60%") for count in summary.counts]
        if summary.endpoint:
            counts.insert(0, Content.styled(f"⇄ {clipped(summary.endpoint, 40)}", "$text-primary 80%"))
        for part in [*optional, *counts]:
            if part.cell_length + 3 > room:
                break
            room -= part.cell_length + 3
            left = Content.assemble(left, ("  ·  " if width > 100 else " · ", "$foreground 30%"), part)
        gap = max(1, width - left.cell_length - right.cell_length)
        return Content.assemble(left, " " * gap, right)


class KeyBar(Widget):
    """The keys that apply now, as many as there is room for, those for help always among them."""

    ALLOW_SELECT = False
    LAST: ClassVar = ("app.help",)

    def __init__(self) -> None:
        super().__init__()
        self._spans: list[tuple[int, int, str]] = []

    def on_mount(self) -> None:
        """Follow the focus."""
        self.screen.bindings_updated_signal.subscribe(self, self._changed)

    def on_unmount(self) -> None:
        """Let go."""
        self.screen.bindings_updated_signal.unsubscribe(self)

    def _changed(self, _screen: Screen[object]) -> None:
        self.refresh()

    def render(self) -> RenderResult:
        """Return the bar, and note where each key stands for the mouse."""
        hints: dict[str, tuple[str, str, str]] = {}
        for active in self.screen.active_bindings.values():
            binding = active.binding
            if binding.show and active.enabled and binding.action not in hints:
                shown = binding.key_display or self.app.get_key_display(binding)
                hints[binding.action] = (binding.key, shown, binding.description)
        last = [hints.pop(action) for action in self.LAST if action in hints]
        reserve = sum(self._width(hint) for hint in last)
        bar, at = Content(""), 0
        self._spans = []
        for hint in [*_ordered(hints), None, *last]:
            if hint is None:
                at, bar = (self.size.width - reserve, bar.pad_right(max(0, self.size.width - reserve - at)))
                reserve = 0
                continue
            width = self._width(hint)
            if at + width + reserve > self.size.width:
                continue
            key, shown, label = hint
            bar = Content.assemble(bar, (f" {shown}", "$primary bold"), (f" {label} ", "$foreground 70%"))
            self._spans.append((at, at + width, key))
            at += width
        return bar

    @staticmethod
    def _width(hint: tuple[str, str, str]) -> int:
        return cell_len(hint[1]) + cell_len(hint[2]) + 3

    def on_click(self, event: events.Click) -> None:
        """Do as the key under the mouse would."""
        for start, end, key in self._spans:
            if start <= event.x < end:
                self.app.simulate_key(key)


def _ordered(hints: dict[str, tuple[str, str, str]]) -> Iterable[tuple[str, str, str]]:
    from inspector.tui.commands import COMMANDS

    rank = {command.action: number for number, command in enumerate(COMMANDS)}
    return [hints[action] for action in sorted(hints, key=lambda action: rank.get(action, -1))]


def tabs(names: Sequence[tuple[str, str]], current: str) -> Content:
    """Return the tabs of a pane as its title; a click on one asks for `screen.show_tab`.

    names: the id and the label of each.
    """
    parts: list[Content] = []
    for tab, label in names:
        style = "$block-cursor-foreground on $primary 45% bold" if tab == current else "$foreground 60%"
        parts.append(
            Content.from_markup(f"[@click=screen.show_tab('{tab}')][{style}] $label [/][/]", label=label)
        )
    return Content("").join(parts)


class Framed(Watchful, Screen[None]):
    """A screen between the line above and the keys below."""

    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (110, "-wide")]  # noqa: RUF012 - Textual declares it so
    VERTICAL_BREAKPOINTS = [(0, "-low"), (32, "-tall")]  # noqa: RUF012

    def compose(self) -> ComposeResult:
        """Lay the frame; what is in it comes from `body`."""
        yield TopBar()
        yield from self.body()
        yield KeyBar()

    def body(self) -> ComposeResult:
        """Return what stands in the frame."""
        raise AssertionError("a framed screen has a body")

    async def stop(self) -> None:
        """End what runs on it, and wait until that is recorded: the inspector is about to end."""

    @property
    def wide(self) -> bool:
        """Whether there is room for everything side by side."""
        return self.has_class("-wide")

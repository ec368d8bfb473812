"""The inks that widgets paint with: one table of names, each in the colours of the theme.

A widget that paints lines names an ink (`"ok"`, `"chip-bad"`, `"muted"`) and never a colour, so that
every theme, dark or light, gets its own.
"""

from typing import Final
from weakref import WeakKeyDictionary

from rich.style import Style
from textual.color import Color
from textual.dom import DOMNode
from textual.widget import Widget

Span = tuple[int, int, str]
"""Characters `start` to `end` of a line, and the ink that they are painted with. Later spans go on top."""

_INKS: Final = {
    "plain": "color: $foreground;",
    "muted": "color: $foreground 65%;",
    "faint": "color: $foreground 45%;",
    "strong": "color: $foreground; text-style: bold;",
    "struck": "color: $foreground 55%; text-style: strike;",
    "title": "color: $text-accent; text-style: bold;",
    "rule": "color: $foreground 20%;",
    "hatch": "color: $foreground 11%;",
    "ok": "color: $text-success;",
    "warn": "color: $text-warning;",
    "bad": "color: $text-error;",
    "info": "color: $text-primary;",
    "accent": "color: $text-accent;",
    "chip-ok": "background: $success-muted; color: $text-success; text-style: bold;",
    "chip-warn": "background: $warning-muted; color: $text-warning; text-style: bold;",
    "chip-bad": "background: $error-muted; color: $text-error; text-style: bold;",
    "chip-info": "background: $primary-muted; color: $text-primary; text-style: bold;",
    "chip-accent": "background: $accent-muted; color: $text-accent; text-style: bold;",
    "chip-dim": "background: $foreground 12%; color: $foreground 80%;",
    "json-key": "color: $text-primary;",
    "json-string": "color: $text-success;",
    "json-number": "color: $text-warning;",
    "json-literal": "color: $text-accent; text-style: italic;",
    "json-punct": "color: $foreground 55%;",
    "added": "background: $success-muted;",
    "removed": "background: $error-muted;",
    "changed": "background: $warning-muted;",
    "error": "background: $error; color: auto; text-style: bold;",
    "place-ok": "background: $success-muted;",
    "place-bad": "background: $error-muted; text-style: underline;",
    "hit": "background: $accent-muted; color: $text;",
    "hit-now": "background: $accent; color: auto; text-style: bold;",
    "connect": "color: $primary;",
    "tls": "color: $primary-lighten-3;",
    "send": "color: $accent;",
    "wait": "color: $foreground 40%;",
    "read": "color: $success;",
    "source-aws": "color: $foreground 60%;",
    "source-destination": "color: $foreground;",
    "source-connection": "color: $text-primary;",
    "source-target": "color: $text-accent;",
    "source-event": "color: $text-success;",
    "source-authorization": "color: $text-error;",
    "cursor": "background: $primary 28%;",
    "cursor-blurred": "background: $foreground 8%;",
    "marked": "background: $warning 15%;",
}
# A theme of the terminal's own sixteen colours has no shades: what is soft elsewhere is dim there.
_DIM: Final = "color: ansi_default; text-style: dim;"
_ANSI_INKS: Final = {
    **dict.fromkeys(("muted", "faint", "rule", "hatch", "wait", "json-punct", "source-aws"), _DIM),
    "chip-ok": "background: ansi_green; color: ansi_black;",
    "chip-warn": "background: ansi_yellow; color: ansi_black;",
    "chip-bad": "background: ansi_red; color: ansi_black;",
    "chip-info": "background: ansi_blue; color: ansi_black;",
    "chip-accent": "background: ansi_cyan; color: ansi_black;",
    "chip-dim": "background: ansi_white; color: ansi_black;",
    "added": "background: ansi_green; color: ansi_black;",
    "removed": "background: ansi_red; color: ansi_black;",
    "changed": "background: ansi_yellow; color: ansi_black;",
    "place-ok": "background: ansi_green; color: ansi_black;",
    "place-bad": "background: ansi_red; color: ansi_black; text-style: underline;",
    "hit": "background: ansi_cyan; color: ansi_black;",
    "hit-now": "background: ansi_magenta; color: ansi_black; text-style: bold;",
    "connect": "color: ansi_blue;",
    "tls": "color: ansi_cyan;",
    "send": "color: ansi_magenta;",
    "read": "color: ansi_green;",
    "cursor": "background: ansi_blue; color: ansi_bright_white;",
    "cursor-blurred": "background: ansi_default; text-style: underline;",
    "marked": "background: ansi_default; text-style: bold;",
}
_Ground = tuple[str, tuple[Color, Color]]
"""What an ink depends on: the theme, and the colours that it lies on."""
_mixed: Final[WeakKeyDictionary[Widget, tuple[_Ground, dict[str, Style]]]] = WeakKeyDictionary()


def ink_css(widget: str) -> str:
    """Return the rules that give `widget` (the name of its class) the inks of its theme."""
    lines = [f"{widget} > .ink--{name} {{ {rules} }}" for name, rules in _INKS.items()]
    lines += [f"{widget}:ansi > .ink--{name} {{ {rules} }}" for name, rules in _ANSI_INKS.items()]
    return "\n".join(lines)


def ink(widget: Widget, name: str) -> Style:
    """Return an ink in the colours of the present theme, with a background only where it asks for one.

    Inks are no component classes: Textual would mix all of them anew for every widget at every change of
    focus. Here one is mixed when it is first used.
    """
    ground = (widget.app.theme, widget.background_colors)
    known, styles = _mixed.get(widget, (None, {}))
    if known != ground:
        styles = {}
        _mixed[widget] = (ground, styles)
    if name not in styles:
        styles[name] = _mix(widget, name)
    return styles[name]


def _mix(widget: Widget, name: str) -> Style:
    node = DOMNode(classes=f"ink--{name}")
    node._attach(widget)
    widget.app.stylesheet.apply(node, animate=False)
    styles = node.styles
    full = styles.rich_style
    return Style(
        color=full.color if styles.has_rule("color") or styles.has_rule("auto_color") else None,
        bgcolor=full.bgcolor if styles.has_rule("background") else None,
    ) + Style(bold=full.bold, dim=full.dim, italic=full.italic, strike=full.strike, underline=full.underline)

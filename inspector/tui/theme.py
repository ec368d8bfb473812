"""The inspector's own two themes: one dark, one light, each with two accents and three signals.

`primary` is what can be acted on (focus, cursor, keys), `accent` names things (titles, literals);
green, amber and red are kept for what an endpoint or a rule answered.
"""

from typing import Final

from textual.theme import Theme

DARK: Final = Theme(
    name="inspector-dark",
    primary="#62a8e5",
    secondary="#3f6f9c",
    accent="#c58fe0",
    success="#76c893",
    warning="#e5b567",
    error="#ef7683",
    foreground="#d5dae3",
    background="#0e1116",
    surface="#12161c",
    panel="#1c222b",
    dark=True,
    variables={
        "border-calm": "#303845",
        "footer-background": "#0e1116",
        "footer-key-foreground": "#62a8e5",
        "block-cursor-text-style": "none",
        "block-cursor-background": "#62a8e5 35%",
        "block-cursor-foreground": "#f2f5fa",
        "block-cursor-blurred-background": "#d5dae3 9%",
        "block-cursor-blurred-foreground": "#d5dae3",
        "input-selection-background": "#62a8e5 35%",
        "scrollbar": "#2b3340",
        "scrollbar-hover": "#3a4556",
        "scrollbar-active": "#62a8e5",
        "scrollbar-background": "#12161c",
        "scrollbar-background-hover": "#12161c",
        "scrollbar-background-active": "#12161c",
        "scrollbar-corner-color": "#12161c",
    },
)

LIGHT: Final = Theme(
    name="inspector-light",
    primary="#1d6fb8",
    secondary="#7fa6c9",
    accent="#8b3fb0",
    success="#2c7a4b",
    warning="#8f5f00",
    error="#b3313f",
    foreground="#23282f",
    background="#eeeeea",
    surface="#f8f8f5",
    panel="#e2e2dc",
    dark=False,
    variables={
        "border-calm": "#c4c5be",
        "footer-background": "#eeeeea",
        "footer-key-foreground": "#1d6fb8",
        "block-cursor-text-style": "none",
        "block-cursor-background": "#1d6fb8 25%",
        "block-cursor-foreground": "#10151b",
        "block-cursor-blurred-background": "#23282f 9%",
        "block-cursor-blurred-foreground": "#23282f",
        "input-selection-background": "#1d6fb8 25%",
        "scrollbar": "#cfd0c9",
        "scrollbar-hover": "#b6b8b0",
        "scrollbar-active": "#1d6fb8",
        "scrollbar-background": "#f8f8f5",
        "scrollbar-background-hover": "#f8f8f5",
        "scrollbar-background-active": "#f8f8f5",
        "scrollbar-corner-color": "#f8f8f5",
    },
)

"""Everything that can be asked for with a key: one table, from which come the bindings, the key bar,
the command palette and the help.
"""

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from textual.binding import Binding, BindingType
from textual.command import DiscoveryHit, Hit, Provider
from textual.content import Content
from textual.screen import Screen

Scope: TypeAlias = Literal[
    "app",
    "workbench",
    "history",
    "compare",
    "definition",
    "what-if",
    "problems",
    "connections",
    "dead-letters",
]

KEY_NAMES: Final = {
    "ctrl+g": "^g",
    "ctrl+j": "^j",
    "ctrl+o": "^o",
    "ctrl+p": "^p",
    "ctrl+q": "^q",
    "ctrl+r": "^r",
    "ctrl+s": "^s",
    "ctrl+t": "^t",
    "question_mark": "?",
    "exclamation_mark": "!",
    "left_square_bracket": "[",
    "right_square_bracket": "]",
    "slash": "/",
    "space": "space",
    "escape": "esc",
    "enter": "⏎",
    "shift+tab": "⇧tab",
}


@dataclass(frozen=True, slots=True)
class Command:
    """One thing to ask for.

    action: Textual's action string, resolved where the scope is. keys: those that ask for it; of these,
    `anywhere` work even while a text field has the focus. label: its short name in the key bar, empty to
    keep it out of there. title: its name in the palette, `group: what it does`.
    """

    scope: Scope
    action: str
    keys: tuple[str, ...]
    title: str
    help: str
    label: str = ""
    anywhere: tuple[str, ...] = ()

    @property
    def shown_keys(self) -> str:
        """Its keys as they are shown."""
        return " ".join(key_name(key) for key in self.keys)


def key_name(key: str) -> str:
    """Return a key as it is shown."""
    return KEY_NAMES.get(key, key if len(key) == 1 else key.replace("ctrl+", "^"))


COMMANDS: Final = (
    # The order is that of the key bar: where it is too narrow, those further down are left out.
    Command(
        "workbench", "send", ("ctrl+j", "f5", "s"), "delivery: send the event",
        "Send the event along the chosen destination, with retries as EventBridge makes them.",
        "Send", anywhere=("ctrl+j", "f5"),
    ),
    Command(
        "workbench", "cancel", ("x", "escape"), "delivery: cancel",
        "End the delivery that is under way; what happened so far stays in the history.", "Cancel",
        anywhere=("escape",),
    ),
    Command(
        "workbench", "skip_wait", ("w", "space", "f8"), "delivery: skip the wait",
        "Fast-forward the wait before the next attempt.", "Skip wait", anywhere=("f8",),
    ),
    Command(
        "workbench", "reauthorize", ("a",), "connection: re-authorize",
        "Forget why the connection was deauthorized, and its token: the next request asks anew.",
        "Re-authorize",
    ),
    Command("history", "open", ("enter",), "history: open", "Look at the chosen delivery.", "Open"),
    Command(
        "history", "replay", ("p",), "history: replay the same request",
        "Send the recorded request again, byte for byte; only its secrets are resolved afresh.", "Replay",
    ),
    Command(
        "history", "rerender", ("P",), "history: replay with the present definitions",
        "Make payload and request anew from the recorded event, and send them.", "Re-render",
    ),
    Command(
        "history", "replay_to", ("t",), "history: replay to another target",
        "Send the recorded event along another route.", "To target…",
    ),
    Command(
        "history", "cancel", ("x",), "delivery: cancel", "End the replay that is under way.", "Cancel",
    ),
    Command(
        "history", "skip_wait", ("w", "f8"), "delivery: skip the wait",
        "Fast-forward the wait before the next attempt.", "Skip wait", anywhere=("f8",),
    ),
    Command(
        "history", "load_event", ("o",), "history: edit its event",
        "Load the event of the chosen delivery into the workbench.", "Edit event",
    ),
    Command(
        "history", "mark", ("m",), "history: mark for comparison",
        "Mark the chosen delivery; two or more that are marked can be compared.", "Mark",
    ),
    Command(
        "history", "compare_marked", ("c",), "history: compare the marked",
        "Line up what the marked deliveries sent and got.", "Compare marked",
    ),
    Command(
        "history", "search", ("slash",), "history: search",
        "Search the history; F1 in the search field explains the words it knows.", "Search",
    ),
    Command(
        "history", "leave_search", ("escape",), "history: end the search", "Show every delivery again.",
        "All again", anywhere=("escape",),
    ),
    Command("history", "refresh_list", ("r",), "history: read again", "Read the list anew.", ""),
    Command(
        "compare", "run", ("ctrl+j", "f5", "s"), "compare: send through all that are ticked",
        "Send the event through every ticked route and line up what comes back.", "Send all",
        anywhere=("ctrl+j", "f5"),
    ),
    Command(
        "compare", "cancel", ("x",), "delivery: cancel", "End all deliveries of the comparison.", "Cancel",
    ),
    Command(
        "compare", "skip_wait", ("w", "f8"), "delivery: skip the wait",
        "Fast-forward every wait before a next attempt.", "Skip wait", anywhere=("f8",),
    ),
    Command(
        "compare", "only_differences", ("d",), "compare: differences only",
        "Show only the lines in which the columns differ, or all of them again.", "Differences",
    ),
    Command(
        "compare", "vary", ("v",), "compare: vary the chosen way",
        "Add the chosen way with one thing changed: a header, the method, the form of the token request.",
        "Vary…",
    ),
    Command(
        "compare", "drop", ("delete", "backspace"), "compare: drop the variation",
        "Take the chosen variation off the list.", "Drop",
    ),
    Command(
        "compare", "runs", ("n",), "compare: number of runs",
        "Send every way so many times, one request at a time, and compare the latencies.", "Runs",
    ),
    Command("compare", "toggle_routes", ("b",), "view: routes", "Show or hide the routes.", "Routes"),
    Command(
        "definition", "apply_fix", ("ctrl+t",), "definition: apply the suggested fix",
        "Put the suggested template in place of the present one; ctrl+z takes it back.", "Apply fix",
        anywhere=("ctrl+t",),
    ),
    Command(
        "definition", "go_to_fault", ("ctrl+g",), "definition: go to the fault",
        "Put the cursor on what EventBridge refuses, or on what breaks the payload.", "To the fault",
        anywhere=("ctrl+g",),
    ),
    Command(
        "definition", "write", ("ctrl+s",), "definition: write the edits into the files",
        "Write all edits where they stand, once you confirm; what a file was is kept beside it.", "Write…",
        anywhere=("ctrl+s",),
    ),
    Command(
        "definition", "discard", ("ctrl+r",), "definition: discard the edits of this route",
        "Drop every edit of the rule and the target; the files stay as they are.", "Discard…",
        anywhere=("ctrl+r",),
    ),
    Command(
        "definition", "page(1)", ("f6",), "definition: next part",
        "Go on to the next part: pattern, template, input, parameters, retry.", "Next part", anywhere=("f6",),
    ),
    Command(
        "definition", "tab(1)", ("f7", "right_square_bracket"), "view: next tab", "The next view.",
        "Next view", anywhere=("f7",),
    ),
    Command("definition", "tab(-1)", ("left_square_bracket",), "view: previous tab", "The view before.", ""),
    Command(
        "what-if", "pick", ("p", "ctrl+o"), "what if: pick a scenario",
        "Take one of the scenarios that are ready.", "Scenarios", anywhere=("ctrl+o",),
    ),
    Command(
        "what-if", "reseed", ("n", "f5"), "what if: another draw",
        "Let chance decide otherwise: the next seed.", "Another draw", anywhere=("f5",),
    ),
    Command(
        "what-if", "scale", ("t",), "what if: whole age or until the end",
        "Show the whole age that the policy allows, or only the time until the end.", "Time scale",
    ),
    Command(
        "what-if", "reset_policy", ("r",), "what if: the target's own policy",
        "Take the retry policy as the target has it.", "Own policy",
    ),
    Command(
        "problems", "severities", ("s",), "problems: leave the lesser out",
        "Show all problems, those that are no mere info, or errors only.", "Severity",
    ),
    Command(
        "problems", "reload", ("r",), "workspace: reload", "Read definitions anew and look again.", "Reload",
    ),
    Command(
        "connections", "authorize", ("a", "f5"), "connection: authorize anew",
        "Forget a refusal and the token; an OAuth connection asks for a new token at once.", "Authorize anew",
        anywhere=("f5",),
    ),
    Command(
        "dead-letters", "redrive", ("s", "ctrl+j", "f5"), "dead letters: redrive",
        "Send the marked dead letters, or the chosen one, straight to the endpoint, once you confirm.",
        "Redrive…", anywhere=("ctrl+j", "f5"),
    ),
    Command(
        "dead-letters", "cancel", ("x",), "delivery: cancel",
        "End the redrive that is under way; those after it are not begun.", "Cancel",
    ),
    Command(
        "dead-letters", "skip_wait", ("w", "f8"), "delivery: skip the wait",
        "Fast-forward the wait before the next attempt.", "Skip wait", anywhere=("f8",),
    ),
    Command(
        "dead-letters", "edit_body", ("e", "ctrl+o"), "dead letters: edit the body",
        "Change the body before it is sent again, here or in your own editor.", "Edit body",
        anywhere=("ctrl+o",),
    ),
    Command(
        "dead-letters", "revert_body", ("u",), "dead letters: the body as it came",
        "Drop the edits of the body.", "Undo edits",
    ),
    Command(
        "dead-letters", "search", ("slash",), "dead letters: search",
        "Search the history's dead letters; F1 in the search field explains the words it knows.", "Search",
    ),
    Command(
        "dead-letters", "leave_search", ("escape",), "dead letters: end the search, leave the file",
        "Show every dead letter of the history again.", "All again", anywhere=("escape",),
    ),
    Command(
        "dead-letters", "load_event", ("o",), "dead letters: open its event",
        "Load the body, where it is an event, or else the event that it was made of, into the workbench.",
        "Open event",
    ),
    Command(
        "dead-letters", "mark", ("m",), "dead letters: mark", "Mark the chosen dead letter for the redrive.",
        "",
    ),
    Command(
        "dead-letters", "open_file", ("f",), "dead letters: read a file",
        "Read the messages of a queue from a file.", "File…",
    ),
    Command("dead-letters", "open", ("enter",), "dead letters: explain", "Go to the explanation.", ""),
    Command("dead-letters", "refresh_list", ("r",), "dead letters: read again", "Read the list anew.", ""),
    Command("dead-letters", "tab(-1)", ("left_square_bracket",), "view: previous tab", "The tab before.", ""),
    Command("dead-letters", "tab(1)", ("right_square_bracket",), "view: next tab", "The next tab.", ""),
    Command("what-if", "tab(-1)", ("left_square_bracket",), "view: previous tab", "The tab before.", ""),
    Command("what-if", "tab(1)", ("right_square_bracket",), "view: next tab", "The next tab.", ""),
    Command(
        "workbench", "new_event", ("n",), "event: new from a template",
        "Begin a new event from a template.", "New event",
    ),
    Command(
        "workbench", "edit_outside", ("e", "ctrl+o"), "event: open in $EDITOR",
        "Edit the event in your own editor; leave it with an error to discard the edit.", "$EDITOR",
        anywhere=("ctrl+o",),
    ),
    Command("workbench", "pretty", ("f",), "event: pretty-print", "Indent the event's JSON.", "Format"),
    Command(
        "workbench", "revert", ("u",), "event: undo all edits", "Put the event back as it was loaded.", "",
    ),
    Command("app", "app.definition", ("d", "f6"), "view: definition",
            "Edit the chosen route's pattern, template, input and parameters, and try them at once.",
            "Definition", anywhere=("f6",)),
    Command("app", "app.history", ("h", "f3"), "view: history", "Every delivery so far.", "History",
            anywhere=("f3",)),
    Command("app", "app.compare", ("c", "f4"), "view: compare", "One event through several connections.",
            "Compare", anywhere=("f4",)),
    Command("app", "app.dead_letters", ("l", "f12"), "view: dead letters",
            "What was lost, why, and what to do about it.", "Dead letters", anywhere=("f12",)),
    Command("app", "app.what_if", ("i", "f9"), "view: what if",
            "A day of retries against a scripted target at once, and the odds.", "What if",
            anywhere=("f9",)),
    Command("app", "app.workbench", ("f2", "escape"), "view: workbench", "Back to the workbench.",
            "Workbench", anywhere=("f2",)),
    Command(
        "definition", "pretty", ("f8",), "definition: pretty-print",
        "Indent the JSON of the field that has the focus.", "Format", anywhere=("f8",),
    ),
    Command(
        "definition", "edit_outside", ("ctrl+o",), "definition: open in $EDITOR",
        "Edit the field that has the focus in your own editor.", "", anywhere=("ctrl+o",),
    ),
    Command(
        "workbench", "export_request", ("y",), "request: copy or save as curl, HTTPie, Python, HTTP",
        "Hand the request on in one of these forms; its secrets are $VARIABLES.", "",
    ),
    Command(
        "workbench", "reload", ("r",), "workspace: reload", "Read definitions and samples anew.", "Reload",
    ),
    Command("workbench", "tab(-1)", ("left_square_bracket",), "view: previous tab", "The tab before.", ""),
    Command("workbench", "tab(1)", ("right_square_bracket",), "view: next tab", "The next tab.", ""),
    Command("history", "tab(-1)", ("left_square_bracket",), "view: previous tab", "The tab before.", ""),
    Command("history", "tab(1)", ("right_square_bracket",), "view: next tab", "The next tab.", ""),
    Command("app", "app.zoom", ("z",), "view: zoom",
            "Give the focused pane the whole screen, or take it back.", "Zoom"),
    Command("app", "app.connections", ("C", "f10"), "view: connections",
            "How each connection authorizes, its state, and its last token exchange.", "Connections",
            anywhere=("f10",)),
    Command("app", "app.problems", ("exclamation_mark",), "view: problems",
            "What is wrong with the definitions, and what is risky.", "Problems"),
    Command("app", "app.switch_brightness", ("D",), "view: dark or light", "Switch the brightness.", ""),
    Command("app", "command_palette", ("ctrl+p",), "palette: all commands", "Find a command by its name.",
            "Commands", anywhere=("ctrl+p",)),
    Command("app", "app.help", ("question_mark", "f1"), "help: keys of this pane",
            "What the focused pane shows, and its keys.", "Help", anywhere=("f1",)),
    Command("app", "quit", ("q", "ctrl+q"), "app: quit", "Leave; a delivery under way is cancelled.", "Quit",
            anywhere=("ctrl+q",)),
)  # fmt: skip


def bindings(scope: Scope) -> list[BindingType]:
    """Return Textual's bindings of a scope."""
    return [
        Binding(
            key,
            command.action,
            command.label or command.title.partition(": ")[2].capitalize(),
            show=bool(command.label),
            key_display=key_name(key),
            priority=key in command.anywhere,
            tooltip=command.help,
        )
        for command in COMMANDS
        if command.scope == scope
        for key in command.keys
    ]


def command_of(action: str, scopes: tuple[str, ...]) -> Command | None:
    """Return the command of an action, looked for in `scopes` in turn."""
    wanted = action.removeprefix("app.")
    for scope in scopes:
        for command in COMMANDS:
            if command.scope == scope and command.action.removeprefix("app.") == wanted:
                return command
    return None


class Commands(Provider):
    """The command palette's source: what applies on the screen from which it was opened."""

    def _available(self) -> Iterator[Command]:
        scope = scope_of(self.screen)
        for command in COMMANDS:
            if command.scope not in ("app", scope) or command.action == "command_palette":
                continue
            owner = self.app if command.scope == "app" else self.screen
            name, _, arguments = command.action.removeprefix("app.").partition("(")
            if owner.check_action(name, (arguments,) if arguments else ()):
                yield command

    async def discover(self) -> AsyncIterator[DiscoveryHit]:
        """Yield every command that applies."""
        for command in self._available():
            yield DiscoveryHit(_display(Content(command.title), command), self._run(command), command.title,
                               command.help)  # fmt: skip

    async def search(self, query: str) -> AsyncIterator[Hit]:
        """Yield the commands whose titles fit the query."""
        matcher = self.matcher(query)
        for command in self._available():
            if (score := matcher.match(command.title)) > 0:
                shown = _display(matcher.highlight(command.title), command)
                yield Hit(score, shown, self._run(command), command.title, command.help)

    def _run(self, command: Command) -> "_Run":
        return _Run(self.screen, command)


class _Run:
    def __init__(self, screen: Screen[object], command: Command) -> None:
        self._screen, self._command = screen, command

    async def __call__(self) -> None:
        owner = self._screen.app if self._command.scope == "app" else self._screen
        await self._screen.app.run_action(self._command.action, owner)


def scope_of(screen: Screen[object]) -> str:
    """Return the scope whose commands a screen answers to."""
    return str(getattr(screen, "SCOPE", "app"))


def _display(title: Content, command: Command) -> Content:
    return Content.assemble(title, "  ", (command.shown_keys, "$text-primary 80%"))

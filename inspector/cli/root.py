"""The command `inspector` itself and the table of its commands."""

import os
from difflib import get_close_matches

import click

from inspector import __version__
from inspector.cli.groups import Lazy, LazyGroup, examples
from inspector.errors import InspectorError

_COMMANDS = "inspector.cli.commands"


def refuse_stray(word: str) -> None:
    """See to it that a word in the place of a command or a path is one.

    Raises:
        InspectorError: it is neither.
    """
    # A word too long for a name is none of a file: Path.exists would raise.
    if os.path.exists(word):
        return
    near = get_close_matches(word, root.lazy, n=1)
    hint = f"did you mean inspector {near[0]}?" if near else "give a file or folder, or see inspector --help"
    raise InspectorError(f"{word!r} is no command, no file and no folder", hint=hint)


root = LazyGroup(
    name="inspector",
    default="open",
    check=refuse_stray,
    lazy={
        "open": Lazy(f"{_COMMANDS}.open:open_command", "Open the screen (so does inspector alone)."),
        "check": Lazy(f"{_COMMANDS}.check:check", "List what is loaded and what is wrong with it."),
        "lint": Lazy(f"{_COMMANDS}.lint:lint_command", "Find faults and risks in the definitions."),
        "match": Lazy(f"{_COMMANDS}.match:match", "Tell which rules an event fires, and why not others."),
        "preview": Lazy(f"{_COMMANDS}.preview:preview", "Show the exact request; send nothing."),
        "edit": Lazy(f"{_COMMANDS}.edit:edit", "Change a target or its rule, try it, write it back."),
        "send": Lazy(f"{_COMMANDS}.send:send", "Deliver events, with retries, as EventBridge would."),
        "compare": Lazy(f"{_COMMANDS}.compare:compare", "Send one event several ways, side by side."),
        "token": Lazy(f"{_COMMANDS}.token:token", "Ask for a connection's token; show the exchange."),
        "connections": Lazy(f"{_COMMANDS}.connections:connections", "List connections and their states."),
        "event": Lazy(f"{_COMMANDS}.event:event", "Print a sample event, or a template to begin with."),
        "history": Lazy(f"{_COMMANDS}.history:history", "Find, show, export past deliveries."),
        "replay": Lazy(f"{_COMMANDS}.replay:replay", "Send a past delivery again."),
        "dlq": Lazy(f"{_COMMANDS}.dlq:dlq", "Read, explain and redrive dead letters."),
        "simulate": Lazy(f"{_COMMANDS}.simulate:simulate", "Play 24 hours of retries at once."),
        "backtest": Lazy(f"{_COMMANDS}.backtest:backtest", "Tell which past events rules would have caught."),
        "test": Lazy(f"{_COMMANDS}.test:test_command", "Run suites of cases for patterns and transformers."),
        "mock": Lazy(f"{_COMMANDS}.mock:mock", "Run the bundled endpoint to deliver to."),
        "demo": Lazy(f"{_COMMANDS}.demo:demo", "Open the inspector on samples and the bundled endpoint."),
        "info": Lazy(f"{_COMMANDS}.info:info", "Tell versions and where files are kept."),
    },
    context_settings={"help_option_names": ["-h", "--help"]},
    subcommand_metavar="[PATH]... | COMMAND [ARGS]...",
    help=(
        "Inspect and replay Amazon EventBridge API destinations: match, transform, request, authorize, "
        "deliver, retry, replay.\n\n"
        "inspector [PATH]... opens the screen on files and folders of definitions (the current folder "
        "when none is given). The commands do the same without a screen. Results go to stdout, progress "
        "and errors to stderr. Exit codes: 0 yes or delivered, 1 no match or not delivered, 2 bad input "
        "or usage, 130 interrupted."
    ),
    epilog=examples(
        "inspector demo",
        "inspector my-configs/",
        "inspector match -c my-configs/ -e event.json",
        "inspector send -c my-configs/ -e event.json --endpoint http://localhost:9870",
    ),
    params=[
        click.Option(
            ["--version"],
            is_flag=True,
            expose_value=False,
            is_eager=True,
            help="Show the version and exit.",
            callback=lambda ctx, _, asked: _version(ctx) if asked else None,
        )
    ],
)


def _version(ctx: click.Context) -> None:
    click.echo(f"inspector {__version__}")
    ctx.exit()

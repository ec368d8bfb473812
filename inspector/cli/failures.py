"""What a person sees when a command fails: a sentence and what to do, never a traceback."""

import os
import sys
from collections.abc import Callable

import click

from inspector.cli.console import Console
from inspector.cli.exits import BAD_INPUT, INTERNAL, INTERRUPTED, PIPE_CLOSED, YES
from inspector.cli.groups import PipeClosedError
from inspector.errors import InspectorError


def guarded(work: Callable[[], object]) -> int:
    """Run a command line and return its exit code, whatever happens in it.

    `work` returns the code, or None for success.
    """
    for stream in (sys.stdout, sys.stderr):
        # A terminal that cannot show a character gets a stand-in; the command goes on.
        if reconfigure := getattr(stream, "reconfigure", None):
            reconfigure(errors="replace")
    console = Console()
    try:
        code = work()
        sys.stdout.flush()
        return code if isinstance(code, int) else YES
    except InspectorError as error:
        console.error(str(error), error.hint)
    except click.UsageError as error:
        asked = error.ctx.command_path if error.ctx else "inspector"
        console.error(_sentence(error.format_message()), f"{asked} --help")
    except click.ClickException as error:
        console.error(error.format_message())
    except (click.Abort, KeyboardInterrupt):
        console.progress(console.err("interrupted", "warn"))
        return INTERRUPTED
    except (PipeClosedError, BrokenPipeError):
        # The interpreter flushes once more on its way out: let it flush into nothing.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return PIPE_CLOSED
    except Exception as error:
        _own_fault(console, error)
        return INTERNAL
    return BAD_INPUT


def _sentence(message: str) -> str:
    message = message.strip().removesuffix(".")
    return message[:1].lower() + message[1:] if message[1:2].islower() else message


def _own_fault(console: Console, error: Exception) -> None:
    from inspector.tui.crash import sentence, write_report

    console.error(f"{sentence(write_report(error))} ({type(error).__name__})")

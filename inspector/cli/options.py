"""The options that commands share, one decorator each."""

import shlex
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import Final

import click

from inspector.errors import InspectorError

config_option = click.option(
    "-c",
    "--config",
    multiple=True,
    metavar="PATH",
    type=click.Path(path_type=Path),
    help="A file or folder of definitions; may be repeated. The current folder when none is given.",
)
paths_argument = click.argument("paths", nargs=-1, metavar="[PATH]...", type=click.Path(path_type=Path))
"""The same as `--config`, for commands that are about nothing else."""
event_option = click.option(
    "-e",
    "--event",
    metavar="FILE",
    help="A JSON file (an event, an array, JSONL or PutEvents entries), a sample's name, or - for stdin.",
)


def _without_event(ctx: click.Context, _: click.Parameter, given: str | None) -> None:
    if given is not None:
        raise InspectorError(
            f"{ctx.info_name} looks at the definitions and takes no event",
            hint=f"inspector match -e {shlex.quote(given)} tells which rules it fires",
        )


no_event_option = click.option(
    "-e",
    "--event",
    hidden=True,
    expose_value=False,
    metavar="FILE",
    callback=_without_event,
    help="Not of this command: see inspector match.",
)
"""For commands that take no event where a person may expect it: it says which one does."""
rule_option = click.option("--rule", metavar="NAME", help="Look at this rule only.")
target_option = click.option(
    "--target",
    metavar="NAME",
    help="Go to this target only: rule/target, a destination's name, or a target id that is unique.",
)
force_option = click.option(
    "--force", is_flag=True, help="Go to the named rule or target even where the rule does not match."
)
connection_option = click.option(
    "--connection", metavar="NAME", help="Authorize by this connection in place of the destination's own."
)
endpoint_option = click.option(
    "--endpoint",
    metavar="URL",
    help="Send to this scheme and host in place of the configured ones; paths and credentials stay.",
)
db_option = click.option(
    "--db",
    metavar="PATH",
    envvar="INSPECTOR_DB",
    show_envvar=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="The history's SQLite file. By default it is kept in the platform's data folder.",
)
no_history_option = click.option("--no-history", is_flag=True, help="Record nothing.")
differences_option = click.option(
    "-d", "--differences", is_flag=True, help="Show only the lines in which the columns differ."
)
skip_waits_option = click.option(
    "--skip-waits",
    is_flag=True,
    help="Fast-forward every wait between attempts; ages count as if each had been waited out.",
)
_REACH: Final = (
    click.option(
        "--token-form",
        type=click.Choice(["form", "basic", "json"]),
        default="form",
        show_default=True,
        envvar="INSPECTOR_TOKEN_FORM",
        show_envvar=True,
        help="Where token requests carry client id and secret: form body, Basic header, JSON body.",
    ),
    click.option(
        "--ca-file",
        metavar="FILE",
        type=click.Path(path_type=Path),
        envvar="INSPECTOR_CA_FILE",
        show_envvar=True,
        help="Trust the authorities in this PEM file too. EventBridge trusts public ones only.",
    ),
    click.option(
        "--proxy-from-env",
        is_flag=True,
        help="Go through the proxies of http_proxy, https_proxy, no_proxy. EventBridge uses none.",
    ),
)


@dataclass(frozen=True, slots=True)
class Reach:
    """How endpoints are reached and by which form tokens are asked for, as the options say it."""

    token_form: str
    ca_file: Path | None = None
    proxy_from_env: bool = False


AS_USUAL: Final = Reach("form")


def reach_options(command: Callable[..., int]) -> Callable[..., int]:
    """Add the options that say how endpoints are reached; the command gets them as one `reach`."""

    @wraps(command)
    def reaching(*, token_form: str, ca_file: Path | None, proxy_from_env: bool, **rest: object) -> int:
        return command(reach=Reach(token_form, ca_file, proxy_from_env), **rest)

    for option in reversed(_REACH):
        reaching = option(reaching)
    return reaching


output_option = click.option(
    "--output",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="What stdout gets: text for people, or one JSON document.",
)

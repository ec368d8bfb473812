"""The options that commands share, one decorator each."""

from pathlib import Path

import click

config_option = click.option(
    "-c",
    "--config",
    multiple=True,
    metavar="PATH",
    type=click.Path(path_type=Path),
    help="A file or folder of definitions; may be repeated. The current folder when none is given.",
)
event_option = click.option(
    "-e",
    "--event",
    metavar="FILE",
    help="A JSON file (an event, an array, JSONL or PutEvents entries), a sample's name, or - for stdin.",
)
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
output_option = click.option(
    "--output",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="What stdout gets: text for people, or one JSON document.",
)

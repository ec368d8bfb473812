"""`inspector mock`: the bundled endpoint, telling what it receives."""

import asyncio
from ipaddress import ip_address
from typing import TYPE_CHECKING

import click

from inspector.cli.console import Console, Output, Painter
from inspector.cli.groups import examples
from inspector.cli.options import output_option
from inspector.cli.session import Interruption, run_async

if TYPE_CHECKING:
    from inspector.endpoint.options import EndpointOptions
    from inspector.endpoint.received import Received

_BODY_SHOWN = 160


@click.command(
    epilog=examples(
        "inspector mock",
        "inspector mock --port 0 --output json",
        "inspector send -c my-configs/ -e event.json --endpoint http://127.0.0.1:9870",
        "curl 'http://127.0.0.1:9870/webhook?status=503&retry-after=2'",
    )
)
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option(
    "--port",
    default=9870,
    show_default=True,
    type=click.IntRange(0, 65535),
    help="The port to listen on; 0 takes any free one.",
)
@click.option(
    "--credentials", is_flag=True, help="Show the credentials that it accepts; they open nothing else."
)
@output_option
def mock(host: str, port: int, credentials: bool, output: Output) -> int:
    """Run the bundled endpoint until Ctrl-C: webhooks that check credentials, faults on request, tokens.

    Its root lists every path. Each request that it receives is told on stdout, credentials masked, as a
    line of text or of JSON (of which the first tells the URL). Exit code 0 when it is ended.
    """
    console = Console(output)
    run_async(lambda interruption: _serve(console, host, port, credentials, interruption))
    return 0


async def _serve(
    console: Console, host: str, port: int, credentials: bool, interruption: Interruption
) -> int:
    from inspector.endpoint.options import EndpointOptions
    from inspector.endpoint.server import help_text, start

    options = EndpointOptions()

    def tell(received: "Received") -> None:
        console.say(*received_lines(console.out, received))
        console.json_line(received.document())

    stop = asyncio.Event()
    with interruption.ends(stop.set):
        async with await start(host, port, options, on_received=tell) as endpoint:
            if not _is_loopback(host):
                console.warning(f"{host} can be reached from other machines")
            console.progress(
                f"{console.err('listening on', 'good')} {console.err(endpoint.url, 'strong')}"
                f"  {console.err('Ctrl-C ends it', 'dim')}",
                console.err.block(help_text().rstrip(), 2, "dim"),
            )
            if credentials:
                console.progress(*_credentials(console.err, options))
            console.json_line({"listening": endpoint.url})
            await stop.wait()
    return 0


def received_lines(paint: Painter, received: "Received") -> list[str]:
    """Return one received request: what it asked, as whom it came in, the answer, the head of its body."""
    good = 200 <= received.status < 300
    caller = received.caller or "refused"
    line = (
        f"{paint(f'{received.at:%H:%M:%S}', 'dim')}  "
        f"{paint(received.method, 'accent')} {paint(received.target)}"
        f"  {paint(received.answer, 'good' if good else 'bad')}"
        f"  {paint(caller, 'dim' if received.caller else 'warn')}"
    )
    if not received.body:
        return [line]
    more = "…" if len(received.body) > _BODY_SHOWN else ""
    size = f"({received.body_bytes} bytes)"
    return [line, f"          {paint(received.body[:_BODY_SHOWN] + more)}  {paint(size, 'dim')}"]


def _credentials(paint: Painter, options: "EndpointOptions") -> list[str]:
    rows = [
        *(("Basic", user, password) for user, password in options.basic.items()),
        *(("API key", header, key) for header, key in options.api_keys.items()),
        *(("OAuth client", client, secret) for client, secret in options.clients.items()),
    ]
    return paint.rows(rows, indent=2)


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"

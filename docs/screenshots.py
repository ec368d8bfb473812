"""Draws the pictures of the README: the real app, on the samples, against the bundled endpoint."""

import asyncio
import tempfile
from pathlib import Path

from inspector.cli.samples import bundled_endpoint, sample_bench
from inspector.jsontext import dumps
from inspector.tui.app import InspectorApp
from inspector.tui.screens.workbench import Start

IMAGES = Path(__file__).parent / "images"
ROUTE = "stock-low/supplier"


async def draw(url: str, history: Path) -> None:
    """Deliver to an endpoint that answers 503 twice, skip the waits, and draw what is on the screen."""
    bench = sample_bench(url, history)
    sample = next(
        sample
        for sample in bench.workspace.samples
        if any(r.matched and r.rule.name == "stock-low" for r in bench.evaluate(bench.sample_event(sample)))
    )
    start = Start(sample.name, dumps(sample.document, indent=2), ROUTE)
    app = InspectorApp(bench, title="sample_configs", endpoint_url=url, start=start)
    async with app.run_test(size=(140, 40)) as pilot:
        await pilot.pause()
        await pilot.press("f5")
        async with asyncio.timeout(30):
            while not (await bench.in_history(lambda h: h.count("state:delivered"))):
                await pilot.press("w")
                await pilot.pause(0.2)
        await pilot.pause(0.5)
        app.save_screenshot("workbench.svg", str(IMAGES))
    await bench.close()


def main() -> None:
    """Draw every picture anew."""
    with tempfile.TemporaryDirectory() as folder, bundled_endpoint() as endpoint:
        asyncio.run(draw(endpoint.url, Path(folder) / "history.sqlite3"))


if __name__ == "__main__":
    main()

"""How long a start takes: of the screen until its first frame is there, and of commands until they end.

    python benchmarks/startup/run.py

Everything is measured in one run, the best of several. The peers are the interpreter that does nothing and
a Textual app of one line; the ratio to the one that does the least in its kind stands beside each.
"""

import fcntl
import os
import pty
import select
import signal
import struct
import subprocess
import sys
import tempfile
import termios
import time
from collections.abc import Callable, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SAMPLES = str(ROOT / "sample_configs")
TRIES = 9
LIMIT = 0.6
"""Seconds to the first frame, on a machine that does nothing else."""
SIZE = (40, 140)
BARE = """
from textual.app import App
from textual.widgets import Static

class Bare(App):
    def compose(self):
        yield Static("the first frame")

Bare().run()
"""


def paint(command: Sequence[str], frame: str) -> float:
    """Return the seconds from the start of a process until `frame` is among what it has drawn."""
    started = time.perf_counter()
    child, terminal = pty.fork()
    if child == 0:
        os.environ |= {"TERM": "xterm-256color", "COLORTERM": "truecolor"}
        os.execv(command[0], list(command))
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", *SIZE, 0, 0))
    drawn = b""
    try:
        while frame.encode() not in drawn:
            if not select.select([terminal], [], [], 10)[0]:
                raise SystemExit(f"{' '.join(command)} draws no {frame!r}:\n{drawn.decode(errors='replace')}")
            drawn += os.read(terminal, 65536)
        return time.perf_counter() - started
    finally:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        os.close(terminal)


def end(command: Sequence[str]) -> float:
    """Return the seconds that a command takes."""
    started = time.perf_counter()
    subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)
    return time.perf_counter() - started


def best(measure: Callable[[], float]) -> float:
    """Return the least of several measurements, after one that fills the caches."""
    measure()
    return min(measure() for _ in range(TRIES))


def report(rows: Sequence[tuple[str, float]]) -> None:
    """Print a table; the first row is the peer."""
    peer = rows[0][1]
    for name, seconds in rows:
        print(f"{name:46} {seconds * 1000:6.0f} ms  {seconds / peer:5.2f} ×")
    print()


def main() -> int:
    """Measure and print; return 1 where the limit is missed."""
    python = sys.executable
    inspector = [python, "-m", "inspector"]
    with tempfile.TemporaryDirectory() as folder:
        kept = ["--db", str(Path(folder) / "history.sqlite3")]
        screen = [*inspector, "open", SAMPLES, *kept]
        print(f"Until it is drawn, best of {TRIES}")
        whole = best(lambda: paint(screen, "sample_configs"))
        report(
            [
                ("a Textual app of one line", best(lambda: paint([python, "-c", BARE], "the first frame"))),
                ("inspector: the panes", best(lambda: paint(screen, "Destinations"))),
                ("inspector: the panes and the line above them", whole),
            ]
        )
    print(f"Until it ends, best of {TRIES}")
    report(
        [
            ("python -c pass", best(lambda: end([python, "-c", "pass"]))),
            ("python -c 'import click'", best(lambda: end([python, "-c", "import click"]))),
            ("inspector --version", best(lambda: end([*inspector, "--version"]))),
            ("inspector --help", best(lambda: end([*inspector, "--help"]))),
            ("inspector check sample_configs", best(lambda: end([*inspector, "check", SAMPLES]))),
            ("inspector lint sample_configs", best(lambda: end([*inspector, "lint", SAMPLES]))),
        ]
    )
    print(f"limit {LIMIT * 1000:.0f} ms to the first frame: {'met' if whole < LIMIT else 'MISSED'}")
    return int(whole >= LIMIT)


if __name__ == "__main__":
    sys.exit(main())

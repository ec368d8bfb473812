"""`mock` tells what it receives, credentials masked; `demo` keeps its promises without a terminal."""

import fcntl
import json
import os
import pty
import select
import signal
import socket
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.request import Request, urlopen

import pytest

from inspector.endpoint.options import EndpointOptions
from tests.cli.conftest import Commands

ROOT = Path(__file__).parents[2]
DEMO_SECRETS = EndpointOptions().secrets()


@pytest.fixture
def mock() -> Iterator["subprocess.Popen[str]"]:
    process = subprocess.Popen(
        [sys.executable, "-m", "inspector", "mock", "--port", "0", "--output", "json"],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    yield process
    process.kill()
    process.communicate()


def test_the_mock_tells_what_it_receives_and_ends_by_ctrl_c(mock: "subprocess.Popen[str]") -> None:
    assert mock.stdout is not None
    url = json.loads(mock.stdout.readline())["listening"]
    headers = {"X-Api-Key": EndpointOptions().api_keys["X-Api-Key"]}
    body = b'{"id": "1"}'
    assert urlopen(Request(f"{url}/webhook/api-key?q=1", body, headers), timeout=10).status == 200
    received = json.loads(mock.stdout.readline())
    assert (received["method"], received["target"]) == ("POST", "/webhook/api-key?q=1")
    assert (received["status"], received["caller"]) == (200, "API key in X-Api-Key")
    assert received["body"] == body.decode()
    mock.send_signal(signal.SIGINT)
    out, err = mock.communicate(timeout=10)
    assert (mock.returncode, out) == (0, "")
    assert f"listening on {url}" in err
    assert "/webhook/basic" in err
    assert not any(secret in json.dumps(received) + err for secret in DEMO_SECRETS)


def test_a_port_that_is_taken(command: Commands) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        ran = command("mock", "--port", str(taken.getsockname()[1]))
    assert ran.code == 2
    assert "cannot listen on 127.0.0.1" in ran.err


def test_the_demo_keeps_its_promises(tmp_path: Path) -> None:
    db = tmp_path / "demo.sqlite3"
    ran = subprocess.run(
        [sys.executable, "-m", "inspector", "demo", "--port", "0", "--db", str(db)],
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        env=os.environ | {"NO_COLOR": "1"},
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert ran.stderr == ""
    for text in (
        "delivered through a connection of type BASIC",
        "delivered through a connection of type API_KEY",
        "delivered through a connection of type OAUTH_CLIENT_CREDENTIALS",
        "503, 503, 200: delivered",
        "one attempt, dead-lettered",
        "the endpoint received the same request twice",
        "delivered through all three",
        "no credential is in it",
    ):
        assert f"✓ {text}" in ran.stdout
    assert "✗ not so" not in ran.stdout
    kept = b"".join(path.read_bytes() for path in tmp_path.glob("demo.sqlite3*"))
    for secret in DEMO_SECRETS:
        assert secret not in ran.stdout
        assert secret.encode() not in kept


@pytest.mark.parametrize("arguments", [["demo", "--port", "0"], ["sample_configs", "--no-history"]])
def test_on_a_terminal_the_screen_opens_and_ends_with_0(arguments: list[str], tmp_path: Path) -> None:
    mine, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 140, 0, 0))
    process = subprocess.Popen(
        [sys.executable, "-m", "inspector", *arguments, "--db", str(tmp_path / "history.sqlite3")],
        cwd=ROOT,
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        env=os.environ | {"TERM": "xterm-256color"},
        start_new_session=True,
    )
    os.close(theirs)
    drawn, asked, deadline = b"", False, time.monotonic() + 20
    try:
        while select.select([mine], [], [], max(0, deadline - time.monotonic()))[0]:
            drawn += os.read(mine, 65536)
            if b"order-placed" in drawn and not asked:
                asked = os.write(mine, b"\x11") == 1  # ctrl+q
    except OSError:
        pass  # Linux tells so that nobody has the other end any more.
    try:
        code = process.wait(5)
    finally:
        process.kill()
        process.wait()
        os.close(mine)
    assert asked, drawn[-2000:]
    assert code == 0

"""Exports: what they say, that they hold no secret, and that running them sends the request itself."""

import os
import shlex
import shutil
import socketserver
import subprocess
import sys
import threading
from collections.abc import Iterator

import pytest

from inspector.eventbridge.export import FORMATS, as_curl, as_httpie, as_python, as_raw_http
from inspector.eventbridge.request import LENGTH_WHEN_SENT, PreparedRequest
from inspector.secret import Secret
from tests.request.samples import Given

_HOSTILE = 'it\'s $HOME `id` \\ "quoted" !\n@file Füße'


def full(endpoint: str = "https://api.example.com/hooks/*") -> PreparedRequest:
    """A request with something in every place, secrets in three."""
    return Given(
        endpoint=endpoint,
        method="PUT",
        path=["a b"],
        body='{"text":' + '"it\'s $HOME `id` \\"x\\" Füße"}',
        headers={"X-Plain": "it's $HOME", "X-Empty": "", "X-At": "@=:x"},
        query={"q": "a b&c"},
        connection_query={"token": Secret("canary query/1")},
        connection_body={"pass": Secret('canary "body"')},
    ).build()


_SECRETS = {
    "CRM_AUTHORIZATION": "Basic canary-credential",
    "CRM_TOKEN": "canary query/1",
    "CRM_PASS": 'canary "body"',
}
_IN_A_SHELL = _SECRETS | {"CRM_TOKEN": "canary%20query%2F1", "CRM_PASS": 'canary \\"body\\"'}


class _Recorder(socketserver.BaseRequestHandler):
    def handle(self) -> None:
        data = b""
        while b"\r\n\r\n" not in data:
            data += self.request.recv(65536)
        head, _, body = data.partition(b"\r\n\r\n")
        lines = head.decode().split("\r\n")
        length = next(int(line[15:]) for line in lines if line.lower().startswith("content-length:"))
        while len(body) < length:
            body += self.request.recv(65536)
        self.server.received.append((lines[0], lines[1:], body))  # type: ignore[attr-defined]
        self.request.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok")


class _Server(socketserver.TCPServer):
    allow_reuse_address = True
    received: list[tuple[str, list[str], bytes]]

    @property
    def endpoint(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/hooks/*"


@pytest.fixture
def server() -> Iterator[_Server]:
    with _Server(("127.0.0.1", 0), _Recorder) as listening:
        listening.received = []
        thread = threading.Thread(target=listening.serve_forever, args=(0.02,))
        thread.start()
        yield listening
        listening.shutdown()
        thread.join()


def expected(request: PreparedRequest, body: bytes) -> set[str]:
    """The header lines that must arrive, names in small letters."""
    lines = set()
    for part in request.headers:
        shown = str(part.value) if part.source != "authorization" else _SECRETS["CRM_AUTHORIZATION"]
        shown = str(len(body)) if shown == LENGTH_WHEN_SENT else shown
        lines.add(f"{part.name.lower()}: {shown}".rstrip())
    return lines


def arrived(lines: list[str]) -> set[str]:
    pairs = (line.partition(":") for line in lines)
    return {f"{name.lower()}: {text.strip()}".rstrip() for name, _, text in pairs}


_BODY = '{"text":"it\'s $HOME `id` \\"x\\" Füße","pass":"canary \\"body\\""}'.encode()
_LINE = "PUT /hooks/a%20b?q=a%20b%26c&token=canary%20query%2F1 HTTP/1.1"


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")
def test_curl_sends_the_request_itself(server: _Server) -> None:
    request = full(server.endpoint)
    done = subprocess.run(
        ["bash", "-c", as_curl(request)],
        env={"PATH": os.environ["PATH"]} | _IN_A_SHELL,
        capture_output=True,
        timeout=20,
    )
    assert done.returncode == 0, done.stderr.decode()
    [(line, lines, body)] = server.received
    assert (line, body) == (_LINE, _BODY)
    assert arrived(lines) == expected(request, body)


def test_python_sends_the_request_itself(server: _Server) -> None:
    request = full(server.endpoint)
    done = subprocess.run(
        [sys.executable, "-c", as_python(request)],
        env={**os.environ, **_SECRETS},
        capture_output=True,
        timeout=20,
    )
    assert done.stdout == b"200 OK\nok\n", done.stderr.decode()
    [(line, lines, body)] = server.received
    assert (line, body) == (_LINE, _BODY)
    assert arrived(lines) == expected(request, body)


def test_httpie_items() -> None:
    words = shlex.split(as_httpie(full()).replace("\\\n", ""), comments=True)
    assert words[:5] == [
        "http",
        "--ignore-stdin",
        "--timeout=5",
        '--raw={"text":"it\'s $HOME `id` \\"x\\" Füße","pass":"$CRM_PASS"}',
        "PUT",
    ]
    assert words[5] == "https://api.example.com/hooks/a%20b?q=a%20b%26c&token=$CRM_TOKEN"
    assert {
        "Accept:",
        "X-Plain:it's $HOME",
        "X-Empty;",
        r"X-At:\@=:x",
        "Authorization:$CRM_AUTHORIZATION",
    } <= {*words[6:]}


def test_raw_http() -> None:
    assert as_raw_http(full()) == (
        "PUT /hooks/a%20b?q=a%20b%26c&token=$CRM_TOKEN HTTP/1.1\r\n"
        "Host: api.example.com\r\n"
        "User-Agent: Amazon/EventBridge/ApiDestinations\r\n"
        "Range: bytes=0-1048575\r\n"
        "Accept-Encoding: gzip,deflate\r\n"
        "Connection: close\r\n"
        "Content-Type: application/json; charset=utf-8\r\n"
        "Content-Length: set when sent\r\n"
        "X-Plain: it's $HOME\r\n"
        "X-Empty: \r\n"
        "X-At: @=:x\r\n"
        "Authorization: $CRM_AUTHORIZATION\r\n"
        "\r\n"
        '{"text":"it\'s $HOME `id` \\"x\\" Füße","pass":"$CRM_PASS"}'
    )


def test_a_shell_export_says_what_its_variables_hold() -> None:
    comments = [line for line in as_curl(full()).splitlines() if line.startswith("# ")]
    assert comments == [
        "# CRM_TOKEN holds the percent-encoded value of query parameter token",
        "# CRM_AUTHORIZATION holds the value of header Authorization",
        "# CRM_PASS holds the JSON-escaped value, without its quotes, of body member pass",
    ]


@pytest.mark.parametrize("form", FORMATS)
def test_no_export_holds_a_secret(form: str) -> None:
    text = FORMATS[form](full())
    assert "canary" not in text
    assert "CRM_AUTHORIZATION" in text


def test_variables_of_equal_names_are_told_apart() -> None:
    request = Given(
        connection_headers={"X-Key": Secret("a")}, connection_query={"x key": Secret("b")}
    ).build()
    assert "x%20key=$CRM_X_KEY HTTP/1.1" in as_raw_http(request)
    assert "X-Key: $CRM_X_KEY_2\r\n" in as_raw_http(request)


def test_a_payload_cannot_pass_for_a_variable() -> None:
    request = Given(body='{"a":"\\u0056ARIABLE0E VARIABLEX7E"}', connection_body={"k": Secret("s")}).build()
    assert as_raw_http(request).endswith('{"a":"VARIABLE0E VARIABLEX7E","k":"$CRM_K"}')


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")
def test_nothing_in_a_request_is_read_by_the_shell(server: _Server) -> None:
    request = Given(
        endpoint=server.endpoint, path=[_HOSTILE], body=f'"{_HOSTILE}"', headers={"X-A": _HOSTILE}
    ).build()
    subprocess.run(
        ["bash", "-c", as_curl(request)], env={"PATH": os.environ["PATH"]}, capture_output=True, timeout=20
    )
    [(_, _, body)] = server.received
    assert body.decode() == f'"{_HOSTILE}"'

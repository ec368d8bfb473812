"""The headers of a request (request-and-auth, section 3)."""

import pytest

from inspector.eventbridge.payload import Payload
from inspector.eventbridge.request import LENGTH_WHEN_SENT
from inspector.secret import MASK, Secret
from tests.request.samples import Given, header, names, value, warnings


def test_the_fixed_headers_come_first_then_the_configured_then_the_credential() -> None:
    request = Given(headers={"X-T": "1"}, connection_headers={"X-C": "2"}).build()
    assert [(part.name, str(part.value), part.source) for part in request.headers] == [
        ("Host", "api.example.com", "aws"),
        ("User-Agent", "Amazon/EventBridge/ApiDestinations", "aws"),
        ("Range", "bytes=0-1048575", "aws"),
        ("Accept-Encoding", "gzip,deflate", "aws"),
        ("Connection", "close", "aws"),
        ("Content-Type", "application/json; charset=utf-8", "aws"),
        ("Content-Length", "7", "aws"),
        ("X-T", "1", "target"),
        ("X-C", "2", "connection"),
        ("Authorization", MASK, "authorization"),
    ]


_REMOVED = """A-IM Accept-Charset Accept-Datetime Accept-Encoding Cache-Control Connection Content-Encoding
Content-Length Content-MD5 Date Expect Forwarded From Host HTTP2-Settings If-Match If-Modified-Since
If-None-Match If-Range If-Unmodified-Since Max-Forwards Origin Pragma Proxy-Authorization Range Referer TE
Trailer Transfer-Encoding User-Agent Upgrade Via Warning"""


@pytest.mark.parametrize("name", _REMOVED.split())
@pytest.mark.parametrize("owner", ["target", "connection"])
def test_removed_headers(name: str, owner: str) -> None:
    plain = Given().build()
    spelt = {name.swapcase(): "configured"}
    request = Given(headers=spelt).build() if owner == "target" else Given(connection_headers=spelt).build()
    assert request.headers == plain.headers
    assert [(s.name, s.value, s.source) for s in request.stripped] == [(name.swapcase(), "configured", owner)]
    assert request.stripped[0].why


@pytest.mark.parametrize("name", ["Accept", "Cookie", "X-Amz-Date", "X-Forwarded-For", "WWW-Authenticate"])
def test_headers_that_only_other_targets_lose(name: str) -> None:
    assert value(Given(headers={name: "v"}).build(), name) == "v"


@pytest.mark.parametrize(
    ("endpoint", "host"),
    [
        pytest.param("https://api.example.com/x", "api.example.com", id="plain"),
        pytest.param("https://api.example.com:443/x", "api.example.com", id="the-schemes-own-port"),
        pytest.param("https://api.example.com:8443", "api.example.com:8443", id="another-port"),
        pytest.param("http://localhost:80/x", "localhost", id="http"),
        pytest.param("http://[::1]:8080/x", "[::1]:8080", id="ipv6"),
        pytest.param("https://user:pass@api.example.com/x", "api.example.com", id="user-information"),
    ],
)
def test_host(endpoint: str, host: str) -> None:
    assert value(Given(endpoint=endpoint).build(), "Host") == host


@pytest.mark.parametrize(
    ("body", "added", "length"),
    [
        pytest.param('{"a":"Füße 日本"}', {}, "21", id="bytes-not-characters"),
        pytest.param('{"a": 1}', {"k": "v"}, "15", id="with-body-parameters"),
        pytest.param('"x"', {"k": Secret("s")}, "3", id="a-secret-that-is-not-merged"),
        pytest.param('{"a":1}', {"k": Secret("s")}, LENGTH_WHEN_SENT, id="a-secret-keeps-its-length"),
    ],
)
def test_content_length(body: str, added: dict[str, str | Secret], length: str) -> None:
    assert value(Given(body=body, connection_body=added).build(), "Content-Length") == length


@pytest.mark.parametrize(
    ("path", "text"),
    [
        pytest.param("$.detail.id", "u1", id="string"),
        pytest.param("$.detail.n", "42", id="number"),
        pytest.param("$.detail.ok", "false", id="boolean"),
        pytest.param("$.detail.no", "null", id="null"),
        pytest.param("$.detail.gone", "", id="missing"),
        pytest.param("$.detail.o", "{key:value}", id="object"),
        pytest.param("$.detail.l[*]", "[venue:0,artist:2]", id="wildcard"),
        pytest.param("$.detail.l[1]", "artist:2", id="index"),
        pytest.param("literal-$.detail.id", "literal-$.detail.id", id="a-path-in-a-text"),
        pytest.param("$9.99", "$9.99", id="a-price"),
    ],
)
def test_values_read_from_the_event(path: str, text: str) -> None:
    request = Given(headers={"X-V": path}, query={"v": path}).build()
    assert value(request, "X-V") == text
    assert [str(part.value) for part in request.query] == [text]
    assert warnings(request) == []


def test_what_looks_like_a_path_and_is_none_is_sent_with_a_warning() -> None:
    request = Given(headers={"X-V": "$.detail[0:2]"}).build()
    assert value(request, "X-V") == "$.detail[0:2]"
    assert warnings(request) == ["'$.detail[0:2]' is sent as it is: slices are not supported"]
    assert "dollar-is-no-path" in names(request)


@pytest.mark.parametrize(
    ("path", "carried"),
    [
        pytest.param("$.detail.hostile", "a  X-Injected: 1", id="line-break"),
        pytest.param("$.detail.wide", "F??e", id="non-ascii"),
    ],
)
def test_no_value_can_start_another_header(path: str, carried: str) -> None:
    request = Given(headers={"X-V": path}).build()
    assert value(request, "X-V") == carried
    assert warnings(request) == [
        "X-V: the value holds characters that a header cannot carry; they are replaced"
    ]
    assert "header-value" in names(request)


def test_secret_parameters_stay_secret() -> None:
    request = Given(headers={"X-Key": "mine"}, connection_headers={"X-Key": Secret("canary-header")}).build()
    part = header(request, "X-Key")
    assert part is not None
    assert isinstance(part.value, Secret)
    assert "canary" not in repr(request)


def test_of_equal_names_in_one_list_the_last_is_sent() -> None:
    part = header(Given(connection_headers={"X-A": "1", "x-a": Secret("2"), "X-a": "3"}).build(), "x-a")
    assert part is not None
    assert (part.value, part.replaced) == ("3", f'connection\'s "{MASK}"')


@pytest.mark.parametrize(
    ("method", "assumed", "warned"),
    [
        ("POST", 0, 0),
        ("PUT", 0, 0),
        ("PATCH", 0, 0),
        ("DELETE", 1, 0),
        ("OPTIONS", 1, 0),
        ("GET", 1, 1),
        ("HEAD", 1, 1),
    ],
)
def test_bodies_of_methods_that_have_none_by_custom(method: str, assumed: int, warned: int) -> None:
    request = Given(method=method).build()
    assert (request.method, request.masked_body) == (method, '{"z":1}')
    assert [a.text for a in request.assumptions] == [
        f"Nothing is documented about the body of {method} requests; the inspector sends it."
    ] * assumed
    assert len(warnings(request)) == warned


def test_a_request_whose_payload_is_not_delivered_says_so() -> None:
    request = Given(payload=Payload("invalid-json", "[u1]", "InputTransformer", "because")).build()
    assert warnings(request) == ["this request is not sent: because"]


@pytest.mark.parametrize(
    ("endpoint", "notes", "warned"),
    [
        pytest.param("https://api.example.com/", 0, 0, id="https"),
        pytest.param("http://localhost:8080/", 1, 0, id="http-to-this-machine"),
        pytest.param("http://127.0.0.1/", 1, 0, id="http-to-loopback"),
        pytest.param("http://api.example.com/", 1, 1, id="http-elsewhere"),
    ],
)
def test_http_is_an_extension_of_the_inspector(endpoint: str, notes: int, warned: int) -> None:
    request = Given(endpoint=endpoint).build()
    assert (len(request.notes), len(warnings(request))) == (notes, warned)


def test_parameters_over_64_kb_are_a_warning() -> None:
    assert warnings(Given(connection_body={"k": "v" * 66_000}).build()) == [
        "payload and connection parameters are over 64 KB, AWS's documented limit for them; whether it is "
        "enforced is not established"
    ]

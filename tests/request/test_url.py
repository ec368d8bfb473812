"""Path wildcards and query parameters (request-and-auth, sections 2 and 4)."""

import pytest

from inspector.eventbridge.request import Part, encode_url
from inspector.eventbridge.resources import HttpParameters
from inspector.secret import MASK, Secret
from tests.request.samples import Given, names, warnings

_BASE = "https://api.example.com"


@pytest.mark.parametrize(
    ("path", "values", "url", "assumed"),
    [
        pytest.param("/a/*/b/*", ["1", "2"], "/a/1/b/2", [], id="left-to-right"),
        pytest.param("/a/*", ["$.detail.id"], "/a/u1", [], id="from-the-event"),
        pytest.param("/a/*", ["$.detail.l[0]"], "/a/venue%3A0", ["path-encoding"], id="index"),
        pytest.param("/a/*", ["$.detail.path"], "/a/a%2Fb%20c%3Fd%23%C3%A9", ["path-encoding"], id="encoded"),
        pytest.param("/a/*/b", ["$.detail.up"], "/a/%2E%2E/b", ["path-encoding"], id="dots-do-not-climb"),
        pytest.param("/a/*", ["1", "2"], "/a/1", ["wildcard-count"], id="more-values"),
        pytest.param("/a/*/b/*", ["1"], "/a/1/b/*", ["wildcard-count"], id="fewer-values"),
        pytest.param("/a", ["1"], "/a", ["wildcard-count"], id="no-wildcard"),
        pytest.param("/a?x=*", [], "/a?x=*", [], id="a-star-in-the-query-stays"),
        pytest.param("/a/*/b", ["$.detail.gone"], "/a//b", ["missing-path-value"], id="missing"),
    ],
)
def test_path_wildcards(path: str, values: list[str], url: str, assumed: list[str]) -> None:
    request = Given(endpoint=_BASE + path, path=values).build()
    assert request.masked_url == _BASE + url
    assert names(request) == assumed


def test_path_parameters_tell_where_they_came_from() -> None:
    request = Given(endpoint=_BASE + "/*/*", path=["v1", "$.detail.id"]).build()
    assert request.path_parameters == (
        Part("*1", "v1", "target", 'target "orders/t1"'),
        Part("*2", "u1", "event", "$.detail.id"),
    )


@pytest.mark.parametrize(
    ("path", "values", "warning"),
    [
        (
            "/*",
            [],
            "the endpoint's path has 1 `*` and the target no PathParameterValues: `*` stays in the URL",
        ),
        (
            "/",
            ["1"],
            "the endpoint's path has no `*` and the target 1 PathParameterValues: the last are ignored",
        ),
        ("/*", ["$.gone"], "the path parameter $.gone selects nothing in this event: the URL is empty there"),
    ],
)
def test_path_warnings(path: str, values: list[str], warning: str) -> None:
    assert warnings(Given(endpoint=_BASE + path, path=values).build()) == [warning]


def test_user_information_in_the_endpoint_is_not_sent() -> None:
    request = Given(endpoint="https://user:pass@api.example.com/x").build()
    assert request.masked_url == "https://api.example.com/x"
    assert len(warnings(request)) == 1


@pytest.mark.parametrize(
    ("base", "query", "url"),
    [
        pytest.param("https://h/p", [], "https://h/p", id="nothing"),
        pytest.param("https://h/p?", [("a", "1")], "https://h/p?a=1", id="empty-query"),
        pytest.param("https://h", [("a", "1")], "https://h?a=1", id="no-path"),
        pytest.param("https://h/p?x=1", [("a", "1")], "https://h/p?x=1&a=1", id="appended"),
        pytest.param("https://h/p?a=0&x=1", [("a", "1")], "https://h/p?a=1&x=1", id="replaced-in-its-place"),
        pytest.param("https://h/p?a=0&x=1&a=2", [("a", "1")], "https://h/p?a=1&x=1", id="all-equal-replaced"),
        pytest.param("https://h/p?a%20b=0", [("a b", "1")], "https://h/p?a%20b=1", id="equal-when-decoded"),
        pytest.param(
            "https://h/p?flag&x=%7e", [("a", "1")], "https://h/p?flag&x=%7e&a=1", id="own-stays-as-written"
        ),
        pytest.param(
            "https://h/p",
            [("a b", "c&d=e f+g/é\n")],
            "https://h/p?a%20b=c%26d%3De%20f%2Bg%2F%C3%A9%0A",
            id="encoding",
        ),
        pytest.param("https://h/p#top", [("a", "1")], "https://h/p?a=1", id="no-fragment-on-the-wire"),
        pytest.param("https://h/p", [("a", "")], "https://h/p?a=", id="empty-value"),
    ],
)
def test_merging_the_query(base: str, query: list[tuple[str, str]], url: str) -> None:
    assert encode_url(base, query) == url


def test_query_provenance() -> None:
    request = Given(
        endpoint=_BASE + "/?own=0&a=0",
        query={"a": "$.detail.n", "b": "t"},
        connection_query={"b": Secret("canary-query")},
        destination=HttpParameters(query_string_parameters={"c": "d"}),
    ).build()
    assert request.query == (
        Part("a", "42", "event", "$.detail.n", 'destination\'s "0"'),
        Part("c", "d", "destination", 'destination "hook"'),
        Part("b", Secret("canary-query"), "connection", 'connection "crm"', 'target\'s "t"'),
    )
    assert request.masked_url.startswith(_BASE + "/?own=0&a=42&c=d&b=")
    assert "canary" not in request.masked_url
    assert names(request) == ["query-collision"]


def test_encoding_is_an_assumption_where_it_shows() -> None:
    assert names(Given(query={"q": "a b"}).build()) == ["query-encoding"]
    assert names(Given(query={"q": "ab"}).build()) == []


def test_a_targets_parameters_go_before_those_of_the_simplified_destination() -> None:
    base = HttpParameters(("base",), {"X-A": "base", "X-B": "base"}, {"q": "base"})
    own = Given(endpoint=_BASE + "/*", destination=base, path=["own"], headers={"x-a": "own"}).build()
    assert own.masked_url == _BASE + "/own?q=base"
    told = [(part.name, part.value, part.source, part.replaced) for part in own.headers[7:9]]
    assert told == [
        ("x-a", "own", "target", 'destination\'s "base"'),
        ("X-B", "base", "destination", ""),
    ]
    assert Given(endpoint=_BASE + "/*", destination=base).build().masked_url == _BASE + "/base?q=base"


def test_a_masked_url_shows_the_mask() -> None:
    request = Given(connection_query={"token": Secret("canary")}).build()
    assert encode_url(request.base_url, [("token", MASK)]) == request.masked_url

"""Variations of one way: what they change, and what is no variation."""

import pytest

from inspector.errors import InspectorError
from inspector.eventbridge.resources import (
    ApiDestination,
    BasicAuth,
    Connection,
    ConnectionHttpParameters,
    HttpParameter,
    OAuthClientCredentials,
    Route,
    Target,
)
from inspector.secret import MASK, Secret
from inspector.workbench.ways import VARIATIONS, Way, parameters_of, possible, varied

OAUTH = OAuthClientCredentials(
    "client-1",
    Secret("canary-client"),
    "https://tokens.test/",
    http_parameters=ConnectionHttpParameters(body=(HttpParameter("scope", "read"),)),
)
PARAMETERS = ConnectionHttpParameters(
    header=(HttpParameter("X-Env", "a"), HttpParameter("X-Key", Secret("canary-key"), True)),
    query_string=(HttpParameter("v", "1"),),
)


def way(auth: OAuthClientCredentials | BasicAuth = OAUTH) -> Way:
    connection = Connection("crm", auth, PARAMETERS)
    return Way(Route(Target("t", ""), ApiDestination("crm", "crm", "https://crm.test/a"), connection))


def parameters(changed: Way) -> ConnectionHttpParameters:
    return changed.route.connection.invocation_http_parameters


def token_parameters(changed: Way) -> ConnectionHttpParameters:
    auth = changed.route.connection.auth
    assert isinstance(auth, OAuthClientCredentials)
    return auth.http_parameters


def test_the_destination() -> None:
    assert varied(way(), "method=put").route.destination.http_method == "PUT"
    changed = varied(way(), "endpoint=http://localhost:1/b?c=d")
    assert changed.route.destination.invocation_endpoint == "http://localhost:1/b?c=d"
    assert changed.variation == "endpoint=http://localhost:1/b?c=d"


def test_the_form_of_the_token_request() -> None:
    assert varied(way(), "token-form=basic").token_form == "basic"


def test_a_parameter_is_set_in_its_place_or_added() -> None:
    assert parameters(varied(way(), "header:x-env=b")).header[0] == HttpParameter("X-Env", "b")
    assert parameters(varied(way(), "header:X-New=b=c")).header[2] == HttpParameter("X-New", "b=c")
    assert parameters(varied(way(), "query:v=2")).query_string == (HttpParameter("v", "2"),)
    assert parameters(varied(way(), "query:V=2")).query_string[1] == HttpParameter("V", "2")
    assert parameters(varied(way(), "body:k=")).body == (HttpParameter("k", ""),)
    assert token_parameters(varied(way(), "token-body:scope=write")).body == (
        HttpParameter("scope", "write"),
    )
    assert token_parameters(varied(way(), "token-query:q=1")).query_string == (HttpParameter("q", "1"),)
    assert token_parameters(varied(way(), "token-header:H=1")).header == (HttpParameter("H", "1"),)


def test_what_takes_the_place_of_a_secret_is_one() -> None:
    changed = varied(way(), "header:X-Key=canary-other")
    assert changed.variation == f"header:X-Key={MASK}"
    value = parameters(changed).header[1].value
    assert isinstance(value, Secret)
    assert value == Secret("canary-other")
    assert "canary" not in repr(changed)


@pytest.mark.parametrize("name", ["Authorization", "cookie", "Proxy-Authorization"])
def test_a_credential_is_a_secret_whoever_sets_it(name: str) -> None:
    changed = varied(way(), f"header:{name}=canary-other")
    assert changed.variation == f"header:{name}={MASK}"
    assert parameters(changed).header[-1] == HttpParameter(name, Secret("canary-other"), True)


def test_only_a_way_with_a_token_can_vary_its_request() -> None:
    assert possible(way()) == tuple(VARIATIONS)
    without = possible(way(BasicAuth("ada", Secret("canary-password"))))
    assert without == ("header:NAME", "query:NAME", "body:NAME", "endpoint", "method")


@pytest.mark.parametrize(
    ("what", "keys"),
    [
        ("header:NAME", ["X-Env", "X-Key"]),
        ("query:NAME", ["v"]),
        ("body:NAME", []),
        ("token-body:NAME", ["scope"]),
        ("token-header:NAME", []),
    ],
)
def test_the_parameters_that_there_are(what: str, keys: list[str]) -> None:
    assert [parameter.key for parameter in parameters_of(way(), what)] == keys


def test_one_upon_another() -> None:
    changed = varied(varied(way(), "method=PUT"), "query:v=2")
    assert changed.variation == "method=PUT, query:v=2"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("method", "'method' is no variation"),
        ("colour=red", "'colour=red' is no variation"),
        ("header=a", "'header=a' is no variation"),
        ("header:=a", "'header:=a' is no variation"),
        ("method:x=a", "'method:x=a' is no variation"),
        ("method=TRACE", "'TRACE' is no method of an API destination"),
        ("endpoint=ftp://a/", "'ftp://a/' is no endpoint"),
        ("endpoint=http://[::1", "is no endpoint"),
        ("token-form=xml", "'xml' is no form of token request"),
    ],
)
def test_what_is_no_variation(text: str, message: str) -> None:
    with pytest.raises(InspectorError) as caught:
        varied(way(), text)
    assert message in str(caught.value)
    assert caught.value.hint


@pytest.mark.parametrize(
    "text", ["token-form=basic", "token-body:scope=x", "token-query:a=b", "token-header:a=b"]
)
def test_a_connection_without_tokens_has_no_token_request_to_vary(text: str) -> None:
    with pytest.raises(InspectorError, match="connection 'crm' asks for no token: it is BASIC"):
        varied(way(BasicAuth("ada", Secret("canary-password"))), text)


def test_every_variation_is_tested_here() -> None:
    assert set(VARIATIONS) == {
        "token-form",
        "method",
        "endpoint",
        *(f"{prefix}{kind}:NAME" for prefix in ("", "token-") for kind in ("header", "query", "body")),
    }

"""`inspector token` and `inspector connections`: the exchange and the states, from the command line."""

import base64
import json
from pathlib import Path

import pytest
import trustme

from inspector.endpoint.server import Endpoint
from tests.auth.serving import serving
from tests.cli.conftest import ARN, CANARIES, CLIENT_SECRET, Commands, Ran, destination

SCOPED = {
    "BodyParameters": [
        {"Key": "grant_type", "Value": "client_credentials"},
        {"Key": "scope", "Value": "read"},
        {"Key": "audience", "Value": "https://crm.test"},
        {"Key": "hidden", "Value": "canary-hidden-3f1e", "IsValueSecret": True},
    ]
}

DESCRIBED = f"{ARN}:connection/secretless/11112222-3333-4444-5555-666677778888"
"""AWS never returns secrets: a connection that it describes lacks them."""


def oauth(name: str, url: str, secret: str | None = CLIENT_SECRET, **more: object) -> dict[str, object]:
    client = {"ClientID": "shop", "ClientSecret": secret} if secret else {"ClientID": "shop"}
    parameters = {
        "AuthorizationEndpoint": url,
        "HttpMethod": "POST",
        "ClientParameters": client,
        **more,
    }
    return {
        "Name": name,
        "AuthorizationType": "OAUTH_CLIENT_CREDENTIALS",
        "AuthParameters": {"OAuthParameters": parameters},
    }


@pytest.fixture(autouse=True)
def connections(folder: Path, endpoint: Endpoint) -> None:
    url = f"{endpoint.url}/oauth/token"
    given = {
        "Connections": [
            oauth("jwt", f"{url}?jwt=1", OAuthHttpParameters=SCOPED),
            oauth("opaque", f"{url}?expires_in=90"),
            oauth("html", f"{url}?fail=html"),
            oauth("wrong", url, "canary-wrong-secret"),
            oauth("nobody", "http://127.0.0.1:9/token"),
            {**oauth("secretless", url, None), "ConnectionArn": DESCRIBED, "ConnectionState": "AUTHORIZED"},
        ],
        "ApiDestinations": [destination("billing", "jwt", f"{endpoint.url}/echo")],
    }
    (folder / "more.json").write_text(json.dumps(given))


def no_secret_in(ran: Ran) -> None:
    for canary in (*CANARIES, "canary"):
        assert canary not in ran.out + ran.err


def test_the_exchange_and_the_token(command: Commands) -> None:
    ran = command("token", "jwt")
    assert ran.code == 0, ran.err
    assert "/oauth/token?jwt=1" in ran.out.splitlines()[0]
    assert "client_id=shop&client_secret=••••••••&grant_type=client_credentials&scope=read" in ran.out
    assert "hidden=••••••••" in ran.out
    assert '"access_token":"••••••••"' in ran.out
    assert "~ assumption: AWS has not published how it sends client id and secret" in ran.out
    assert "lifetime  5 min" in ran.out
    assert "scope     read" in ran.out
    assert "JWT  read, its signature is not verified" in ran.out
    assert '"iss": "inspector-mock"' in ran.out
    assert "! the token is for another audience: https://crm.test was asked for, aud is missing" in ran.out
    no_secret_in(ran)


def test_as_json(command: Commands) -> None:
    ran = command("token", "jwt", "--output", "json")
    document = ran.json
    assert (document["connection"], document["sent"], document["status"]) == ("jwt", True, 200)
    assert (document["token_type"], document["scope"], document["expires_in"]) == ("Bearer", "read", 300)
    assert document["error"] == ""
    assert document["jwt"]["verified"] is False
    assert document["jwt"]["header"] == {"alg": "HS256", "typ": "JWT"}
    assert document["jwt"]["claims"]["sub"] == "shop"
    assert len(document["jwt"]["warnings"]) == 1
    assert json.loads(document["response_body"])["access_token"] == "••••••••"
    no_secret_in(ran)


def test_an_opaque_token(command: Commands) -> None:
    document = command("token", "opaque", "--output", "json").json
    assert (document["jwt"], document["expires_in"]) == (None, 90)


@pytest.mark.parametrize(
    ("form", "sent"),
    [
        ("form", "client_id=shop&client_secret=••••••••"),
        ("basic", "Basic ••••••••"),
        ("json", '{"client_id":"shop","client_secret":"••••••••"}'),
    ],
)
@pytest.mark.parametrize("by", ["option", "environment"])
def test_every_form_of_the_token_request(
    form: str, sent: str, by: str, command: Commands, monkeypatch: pytest.MonkeyPatch
) -> None:
    if by == "environment":
        monkeypatch.setenv("INSPECTOR_TOKEN_FORM", form)
    ran = command("token", "opaque", *(("--token-form", form) if by == "option" else ()))
    assert ran.code == 0, ran.err
    assert sent in ran.out
    no_secret_in(ran)


def test_a_dry_run_sends_nothing(command: Commands, endpoint: Endpoint) -> None:
    before = len(endpoint.received)
    ran = command("token", "nobody", "--dry-run", "--output", "json")
    assert ran.code == 0
    assert (ran.json["sent"], ran.json["status"], ran.json["error"]) == (False, None, "")
    assert ran.json["request_body"] == "client_id=shop&client_secret=••••••••"
    assert len(endpoint.received) == before


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("html", "the token endpoint answered 200 with HTML instead of JSON"),
        ("wrong", "the token endpoint answered 401: invalid_client"),
        ("nobody", "no token came: 127.0.0.1:9 refused the connection"),
    ],
)
def test_no_token_is_exit_code_1(name: str, why: str, command: Commands) -> None:
    ran = command("token", name)
    assert ran.code == 1
    assert f"✗ no token: {why}" in ran.out
    assert "hint:" in ran.err
    as_json = command("token", name, "--output", "json")
    assert as_json.code == 1
    assert as_json.json["error"].startswith(why)
    no_secret_in(ran)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("basic",), "connection 'basic' asks for no token: it is BASIC"),
        (("secretless",), "the ClientSecret of connection 'secretless' is missing"),
        (("jwtt",), "no connection is called 'jwtt'"),
        (("jwt", "--token-form", "xml"), "'xml' is not one of"),
        (("jwt", "--ca-file", "shop.json"), "shop.json holds no certificate"),
    ],
)
def test_what_asks_for_no_token_is_exit_code_2(
    arguments: tuple[str, ...], message: str, command: Commands
) -> None:
    ran = command("token", *arguments)
    assert ran.code == 2
    assert message in ran.err
    assert ran.out == ""


def test_a_proxy_that_cannot_be_used_is_exit_code_2(
    command: Commands, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "socks5://user:canary@127.0.0.1:9")
    assert command("token", "opaque").code == 0
    ran = command("token", "opaque", "--proxy-from-env")
    assert ran.code == 2
    assert "http_proxy names no proxy that can be used" in ran.err
    no_secret_in(ran)


def test_the_proxy_of_the_environment_when_asked_for(
    command: Commands, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://user:canary@127.0.0.1:9")
    ran = command("token", "opaque", "--proxy-from-env", "--output", "json")
    assert ran.code == 1
    assert "through the proxy 127.0.0.1:9 refused the connection" in ran.json["error"]
    no_secret_in(ran)


def test_a_file_of_authorities_is_taken(command: Commands, tmp_path: Path) -> None:
    path = tmp_path / "ca.pem"
    path.write_bytes(trustme.CA().cert_pem.bytes())
    assert command("token", "opaque", "--ca-file", str(path)).code == 0


# -- connections


def states(ran: Ran) -> dict[str, tuple[str, str]]:
    return {c["connection"]: (c["state"], c["reason"]) for c in ran.json["connections"]}


def test_the_states_before_anything_is_sent(command: Commands, endpoint: Endpoint) -> None:
    before = len(endpoint.received)
    ran = command("connections", "--output", "json")
    assert ran.code == 1
    found = states(ran)
    assert found["basic"] == found["key"] == ("AUTHORIZED", "")
    assert found["jwt"] == ("AUTHORIZING", "no token has been asked for yet")
    assert found["secretless"] == (
        "DEAUTHORIZED",
        "the ClientSecret of connection 'secretless' is missing",
    )
    assert len(endpoint.received) == before
    no_secret_in(ran)


def test_a_destination_is_active_with_its_connection(command: Commands) -> None:
    documents = {c["connection"]: c for c in command("connections", "--output", "json").json["connections"]}
    assert documents["jwt"]["destinations"] == [{"name": "billing", "state": "INACTIVE"}]
    assert {"name": "crm", "state": "ACTIVE"} in documents["basic"]["destinations"]


def test_authorizing_asks_for_every_token(command: Commands) -> None:
    ran = command("connections", "jwt", "html", "nobody", "basic", "--authorize", "--output", "json")
    assert ran.code == 1
    found = states(ran)
    assert list(found) == ["jwt", "html", "nobody", "basic"]
    assert found["jwt"] == ("AUTHORIZED", "")
    assert found["html"] == ("DEAUTHORIZED", "the token endpoint answered 200 with HTML instead of JSON")
    assert found["nobody"][0] == "DEAUTHORIZED"
    documents = {c["connection"]: c for c in ran.json["connections"]}
    assert 290 < documents["jwt"]["token_expires_in"] <= 300
    assert documents["jwt"]["destinations"] == [{"name": "billing", "state": "ACTIVE"}]
    no_secret_in(ran)


def test_the_list_for_a_reader(command: Commands) -> None:
    ran = command("connections", "jwt", "basic", "--authorize")
    assert ran.code == 0
    jwt, basic = ran.out.splitlines()
    assert jwt.split()[:5] == ["jwt", "OAUTH_CLIENT_CREDENTIALS", "AUTHORIZED", "billing:", "ACTIVE"]
    assert "token expires in " in jwt
    assert basic.split()[:3] == ["basic", "BASIC", "AUTHORIZED"]


def test_an_unknown_connection_is_exit_code_2(command: Commands) -> None:
    ran = command("connections", "nowhere")
    assert ran.code == 2
    assert "no connection is called 'nowhere'" in ran.err


def test_definitions_without_connections(command: Commands, tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    ran = command("connections", "-c", str(empty))
    assert (ran.code, ran.out) == (0, "the definitions hold no connection\n")


def test_a_token_endpoint_that_commands_no_terminal(command: Commands, folder: Path) -> None:
    """What a token says of itself is text from elsewhere too."""
    header = base64.urlsafe_b64encode(b'{"alg":"none","x":"\\u001b]0;t\\u0007"}').decode().rstrip("=")
    body = base64.urlsafe_b64encode('{"aud":"\u202e[/]","exp":1}'.encode()).decode().rstrip("=")
    answer = json.dumps({"access_token": f"{header}.{body}.", "token_type": "\x1b[2J", "scope": "\x9b1m"})
    with serving(answer.encode()) as url:
        given = {"Connections": [oauth("hostile", url, OAuthHttpParameters=SCOPED)]}
        (folder / "hostile.json").write_text(json.dumps(given))
        for output in ("text", "json"):
            ran = command("token", "hostile", "--output", output)
            assert ran.code == 0, ran.err
            assert "alg is none: anybody could have made this token" in ran.out
            for character in ("\x1b", "\x07", "\x9b", "\u202e"):
                assert character not in ran.out + ran.err

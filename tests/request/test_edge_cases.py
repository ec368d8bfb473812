"""The edge cases of request-and-auth, section 10, that a request alone can show, row by row."""

from inspector.eventbridge.request import Part
from inspector.eventbridge.resources import OAuthClientCredentials
from inspector.secret import Secret
from tests.request.samples import CREDENTIAL, Given, api_key, header, names, value, warnings


def test_of_target_and_connection_header_the_connection_wins() -> None:
    request = Given(headers={"X-Env": "t"}, connection_headers={"x-env": "c"}).build()
    assert header(request, "X-Env") == Part("x-env", "c", "connection", 'connection "crm"', 'target\'s "t"')


def test_target_and_connection_query_are_both_sent() -> None:
    request = Given(query={"a": "1"}, connection_query={"b": "2"}).build()
    assert request.masked_url == "https://api.example.com/hooks?a=1&b=2"
    assert [part.source for part in request.query] == ["target", "connection"]


def test_a_connections_user_agent_gives_way_to_the_fixed_one() -> None:
    request = Given(connection_headers={"User-Agent": "x"}).build()
    assert value(request, "User-Agent") == "Amazon/EventBridge/ApiDestinations"
    assert [(s.name, s.value, s.source) for s in request.stripped] == [("User-Agent", "x", "connection")]


def test_a_targets_content_type_is_sent() -> None:
    assert value(Given(headers={"Content-Type": "text/plain"}).build(), "Content-Type") == "text/plain"


def test_of_two_content_types_the_connections_is_sent() -> None:
    request = Given(
        headers={"Content-Type": "text/plain"}, connection_headers={"content-type": "text/csv"}
    ).build()
    assert value(request, "Content-Type") == "text/csv"


def test_a_targets_host_is_removed() -> None:
    request = Given(headers={"Host": "other"}).build()
    assert value(request, "Host") == "api.example.com"
    assert request.stripped[0].why == "EventBridge sets this header itself"


def test_body_parameters_replace_members_of_the_payload() -> None:
    request = Given(body='{"k":"x","z":1}', connection_body={"k": "v"}).build()
    assert request.masked_body == '{"k":"v","z":1}'
    assert request.body_parameters == (Part("k", "v", "connection", 'connection "crm"', 'payload\'s "x"'),)


def test_body_parameters_leave_a_payload_alone_that_is_no_object() -> None:
    request = Given(body='"text"', connection_body={"k": "v"}).build()
    assert request.masked_body == '"text"'
    assert request.body_parameters == ()
    assert "body-parameters-skipped" in names(request)
    assert warnings(request) == [
        "the payload is no JSON object: the connection's body parameters are left out"
    ]


def test_a_targets_header_value_is_read_from_the_event() -> None:
    request = Given(headers={"X-Id": "$.detail.id"}).build()
    assert header(request, "X-Id") == Part("X-Id", "u1", "event", "$.detail.id")


def test_a_connections_path_is_literal_text() -> None:
    request = Given(connection_headers={"X-Id": "$.detail.id"}).build()
    assert value(request, "X-Id") == "$.detail.id"
    assert warnings(request) == [
        "X-Id: '$.detail.id' is sent as it is; only a target's parameters read the event"
    ]


def test_a_header_name_is_never_a_path() -> None:
    assert value(Given(headers={"$.detail.x": "1"}).build(), "$.detail.x") == "1"


def test_a_header_whose_value_is_missing_is_sent_empty() -> None:
    assert value(Given(headers={"X-Id": "$.detail.gone"}).build(), "X-Id") == ""


def test_the_credential_wins_over_a_targets_authorization() -> None:
    request = Given(headers={"authorization": "mine"}).build()
    part = header(request, "Authorization")
    assert part is not None
    assert (part.source, part.value, part.replaced) == (
        "authorization",
        CREDENTIAL.header_value,
        'target\'s "mine"',
    )
    assert warnings(request) == [
        "Authorization: the connection's credential takes the place of target's \"mine\""
    ]


def test_an_oauth_token_not_yet_fetched_is_a_masked_stand_in() -> None:
    auth = OAuthClientCredentials("id", Secret("s"), "https://auth.example.com/token")
    request = Given(auth=auth, authorization=None).build()
    part = header(request, "Authorization")
    assert part is not None
    assert isinstance(part.value, Secret)
    assert part.detail == 'credential of connection "crm", not known yet'


def test_an_api_key_is_a_header_of_its_own_name() -> None:
    auth, authorization = api_key("X-Api-Key")
    for known in (authorization, None):
        part = header(Given(auth=auth, authorization=known).build(), "x-api-key")
        assert part is not None
        assert part.source == "authorization"


def test_an_api_key_named_like_a_removed_header_is_removed() -> None:
    auth, authorization = api_key("Proxy-Authorization")
    request = Given(auth=auth, authorization=authorization).build()
    assert header(request, "Proxy-Authorization") is None
    assert [(s.name, s.source) for s in request.stripped] == [("Proxy-Authorization", "authorization")]
    assert "key-is-stripped" in names(request)


def test_an_api_key_whose_name_is_no_header_name_is_not_sent() -> None:
    auth, authorization = api_key("PagerDuty Authorization")
    request = Given(auth=auth, authorization=authorization).build()
    assert request.stripped[0].why == "HTTP does not allow this name"
    assert warnings(request) == ["'PagerDuty Authorization' is no legal header name: the header is not sent"]
    assert "header-name" in names(request)

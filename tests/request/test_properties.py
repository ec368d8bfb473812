"""What holds of every value that an event or a definition can put into a request."""

import re

from hypothesis import given
from hypothesis import strategies as st

from inspector.eventbridge.export import FORMATS
from tests.request.samples import Given, value

_LITERALS = st.text(max_size=20).filter(lambda text: not text.startswith("$"))


@given(_LITERALS)
def test_a_header_value_is_one_line_of_ascii_without_spaces_around_it(text: str) -> None:
    carried = value(Given(headers={"X-V": text}).build(), "X-V")
    assert carried is not None
    assert re.fullmatch(r"(?:[!-~](?:[ -~]*[!-~])?)?", carried)


@given(_LITERALS, _LITERALS)
def test_a_path_or_query_value_stays_in_its_place(path: str, query: str) -> None:
    url = Given(endpoint="https://h/a/*/b", path=[path], query={"q": query}).build().masked_url
    assert re.fullmatch(r"https://h/a/[A-Za-z0-9_.~%-]*/b\?q=[A-Za-z0-9_.~%-]*", url)
    assert "/../" not in url
    assert "/./" not in url


@given(_LITERALS, st.dictionaries(_LITERALS, _LITERALS, max_size=2))
def test_every_request_can_be_exported(text: str, parameters: dict[str, str]) -> None:
    request = Given(headers=parameters, query=parameters, connection_body={"k": text}, path=[text]).build()
    for form in FORMATS.values():
        assert form(request)

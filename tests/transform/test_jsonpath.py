"""Paths (transform, section 0, admission 3, and section 2)."""

import pytest

from inspector.eventbridge.jsonpath import MISSING, PathError, parse_path
from tests.transform.samples import event


@pytest.mark.parametrize(
    ("path", "value"),
    [
        pytest.param("$.source", "shop", id="name"),
        pytest.param("$.detail-type", "Order Placed", id="dash"),
        pytest.param("$.detail.under_score", "u", id="underscore"),
        pytest.param("$.detail.sla/sh", "s", id="slash"),
        pytest.param("$.detail.l[1]", "B", id="index"),
        pytest.param("$.detail.items[1].name", "second", id="index-then-name"),
        pytest.param("$.detail.items[*].name", ["first", "second"], id="wildcard-leaves-out-what-lacks-it"),
        pytest.param("$.detail.items[*].tags[*]", ["x", "y", "z"], id="wildcards-make-one-list"),
        pytest.param("$.detail.items[*].tags[0]", ["x", "z"], id="index-behind-a-wildcard"),
        pytest.param("$.detail.no", None, id="null-is-a-value"),
        pytest.param("$.detail.gone", MISSING, id="missing"),
        pytest.param("$.detail.id.deeper", MISSING, id="into-a-string"),
        pytest.param("$.detail.no.deeper", MISSING, id="into-null"),
        pytest.param("$.detail.l[7]", MISSING, id="index-past-the-end"),
        pytest.param("$.detail.l[9999999999]", MISSING, id="index-far-past-the-end"),
        pytest.param("$.detail.o[0]", MISSING, id="index-into-an-object"),
        pytest.param("$.detail.id[0]", MISSING, id="index-into-a-string"),
        pytest.param("$.detail.none[*]", MISSING, id="wildcard-without-match"),
        pytest.param("$.detail.o[*]", MISSING, id="wildcard-on-an-object"),
    ],
)
def test_what_a_path_selects(path: str, value: object) -> None:
    assert parse_path(path).select(event()) == value


def test_the_root_is_the_whole_event() -> None:
    assert parse_path("$").select(event()) == event()


@pytest.mark.parametrize(
    ("path", "reason", "position"),
    [
        pytest.param("", "it is empty", 0, id="empty"),
        pytest.param("detail.id", "a path starts with `$`", 0, id="no-root"),
        pytest.param("$['detail']", "names in brackets are not supported", 1, id="single-quoted-name"),
        pytest.param('$.detail["a"]', "names in brackets are not supported", 8, id="double-quoted-name"),
        pytest.param("$[0]", "`[` follows a name", 1, id="index-at-the-root"),
        pytest.param("$..id", "`..` (recursive descent) is not supported", 2, id="recursive-descent"),
        pytest.param("$.detail.l[-1]", "negative indexes are not supported", 10, id="negative-index"),
        pytest.param("$.detail.l[0:2]", "slices are not supported", 10, id="slice"),
        pytest.param("$.detail.*", "`.*` is not supported", 9, id="wildcard-name"),
        pytest.param("$.detail.", "a name is missing behind the last `.`", 9, id="trailing-dot"),
        pytest.param("$.detail.l[0][1]", "a name takes one pair of brackets", 13, id="two-brackets"),
        pytest.param("$.detail.l[]", "brackets hold an index or `*`", 10, id="empty-brackets"),
        pytest.param("$.detail.l[?(@.x)]", "brackets hold an index or `*`", 10, id="filter"),
        pytest.param("$.detail.l[1", "brackets hold an index or `*`", 10, id="unclosed"),
        pytest.param("$.de tail", "' ' cannot stand in a name", 4, id="space"),
        pytest.param("$.naïve", "'ï' cannot stand in a name", 4, id="non-ascii"),
        pytest.param("$detail", "'d' cannot stand in a name", 1, id="no-dot"),
    ],
)
def test_what_is_refused_and_where(path: str, reason: str, position: int) -> None:
    with pytest.raises(PathError) as caught:
        parse_path(path)
    assert (caught.value.reason, caught.value.position) == (reason, position)


def test_a_forgotten_root_is_offered() -> None:
    with pytest.raises(PathError) as caught:
        parse_path("detail.id")
    assert caught.value.hint == "did you mean `$.detail.id`?"

"""Whatever a file holds, loading it ends with a workspace (issue 2: bad content never raises)."""

import copy
import json
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from inspector.config import load
from tests.config.definitions import API_KEY, BASIC, DESTINATION, EVENT, OAUTH, QUEUE_ARN, RULE, TARGET, Json

EVERYTHING: list[Json] = [
    BASIC,
    API_KEY,
    OAUTH,
    {**DESTINATION, "RetryPolicy": {"MaximumRetryAttempts": 3}},
    {**RULE, "Targets": [{**TARGET, "DeadLetterConfig": {"Arn": QUEUE_ARN}, "InputPath": "$.detail"}]},
    {"Rule": "orders", "Targets": [TARGET]},
    {"Connections": [BASIC], "Targets": {"orders": [TARGET]}},
    {"Entries": [{"Source": "s", "DetailType": "t", "Detail": "{}"}]},
    {"ConnectionArn": "arn:aws:events:::connection/a/b", "ConnectionState": "AUTHORIZED"},
    EVENT,
]
WORDS = [
    "",
    "Name",
    "Targets",
    "Rule",
    "detail",
    "source",
    "${env:X}",
    "${file:.}",
    "arn:",
    "a:b",
    "\x00",
    "ü",
]
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(allow_nan=False, allow_infinity=False),
    st.sampled_from(WORDS),
    st.text(max_size=5),
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(WORDS) | st.text(max_size=3), inner, max_size=3)
    ),
    max_leaves=6,
)


def places(value: object, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    found = [path]
    if isinstance(value, dict):
        found += [place for key, member in value.items() for place in places(member, (*path, key))]
    elif isinstance(value, list):
        found += [place for index, item in enumerate(value) for place in places(item, (*path, index))]
    return found


def spoiled(path: tuple[str | int, ...], value: object) -> object:
    result = copy.deepcopy(EVERYTHING)
    at: object = result
    for step in path[:-1]:
        at = at[step]  # type: ignore[index]
    if not path:
        return value
    at[path[-1]] = value  # type: ignore[index]
    return result


BOUNDED = settings(
    max_examples=200,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


@BOUNDED
@given(st.sampled_from(places(EVERYTHING)), VALUES, st.sampled_from(["json", "yaml", "jsonl"]))
def test_any_value_in_any_place(
    tmp_path: Path, path: tuple[str | int, ...], value: object, ending: str
) -> None:
    file = tmp_path / f"all.{ending}"
    file.write_text(json.dumps(spoiled(path, value)), "utf-8")
    workspace = load([file], environ={})
    assert all(fault.found and str(fault) for fault in workspace.faults)
    workspace.routes()


@BOUNDED
@given(st.binary(max_size=60) | st.text(max_size=60).map(str.encode), st.sampled_from(["json", "yaml"]))
def test_any_bytes(tmp_path: Path, data: bytes, ending: str) -> None:
    file = tmp_path / f"any.{ending}"
    file.write_bytes(data)
    load([file], environ={})

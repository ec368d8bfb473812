"""What was tried is what is written: load, edit, write, load again, and the rest of the file untouched."""

import json
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from inspector.config.editing import Edit, EditError, EditValue, Member, Owner, apply
from inspector.config.editing.file_change import FileChange, plan
from inspector.config.editing.file_text import FileText
from inspector.config.editing.save import save
from inspector.eventbridge.resources import RetryPolicy, Workspace
from tests.edit.files import STYLES, opened

RULE = Owner("rule", "orders")
CRM = Owner("target", "orders", target_id="crm")
AUDIT = Owner("target", "orders", target_id="audit")
DESTINATION = Owner("destination", "crm")

texts = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=30)
strings = st.one_of(
    texts, st.sampled_from(["web", "yes", "null", "12", " x", "a: b", "# no", "- x", "'", '"', "ä", "x "])
)
headers = st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E), min_size=1, max_size=12)
names = st.from_regex(r"[A-Za-z0-9_-]{1,8}", fullmatch=True)
keys = st.one_of(st.sampled_from(["X-Shop", "X-Id", "X-New"]), names)
maps = st.one_of(st.none(), st.dictionaries(keys, headers, max_size=4))
paths = st.one_of(
    st.none(), st.dictionaries(st.sampled_from(["id", "total", "new"]), st.just("$.detail.x"), max_size=3)
)
templates = st.builds(lambda value: json.dumps({"a": value}, ensure_ascii=False), strings) | st.sampled_from(
    [
        '{\n  "order": <id>\n}',
        '{\n\n  "order": <id>\n}\n',
        '"line <id>"\n"more"',
        '"<id>"\n\n\n',
        '{\n\t"t": 1\n}',
    ]
)
inputs = st.one_of(st.none(), st.builds(lambda value: json.dumps(value, ensure_ascii=False), strings))
leaves = st.lists(
    st.one_of(strings, st.integers(-5, 5), st.none(), st.just({"exists": True})), min_size=1, max_size=3
)
patterns = st.fixed_dictionaries(
    {},
    optional={
        "source": st.one_of(leaves, st.just(["shop"])),
        "detail": st.dictionaries(
            st.sampled_from(["state", "total", "new", "a b"]), leaves, min_size=1, max_size=3
        ),
        "detail-type": leaves,
    },
).filter(bool)
pattern_texts = st.builds(
    lambda pattern, indent: json.dumps(pattern, indent=indent, ensure_ascii=False),
    patterns,
    st.sampled_from([None, 2]),
)
policies = st.one_of(
    st.none(), st.builds(RetryPolicy, st.integers(0, 185), st.sampled_from([60, 3600, 86400]))
)


def edits_of(owner: Owner, member: Member, values: st.SearchStrategy[EditValue]) -> st.SearchStrategy[Edit]:
    return st.builds(Edit, st.just(owner), st.just(member), values)


edits = st.lists(
    st.one_of(
        edits_of(RULE, "EventPattern", pattern_texts),
        edits_of(CRM, "InputTransformer.InputTemplate", templates),
        edits_of(CRM, "InputTransformer.InputPathsMap", paths),
        edits_of(AUDIT, "InputPath", st.sampled_from([None, "$.detail", "$.detail['a b']"])),
        edits_of(AUDIT, "Input", inputs),
        *(
            edits_of(owner, member, maps)
            for owner in (CRM, AUDIT, DESTINATION)
            for member in ("HttpParameters.HeaderParameters", "HttpParameters.QueryStringParameters")
        ),
        *(
            edits_of(owner, "HttpParameters.PathParameterValues",
                     st.lists(headers.filter(str.strip), max_size=3).map(tuple))
            for owner in (CRM, DESTINATION)
        ),
        *(edits_of(owner, "RetryPolicy", policies) for owner in (CRM, AUDIT, DESTINATION)),
    ),
    min_size=1,
    max_size=4,
)  # fmt: skip


def shown(workspace: Workspace) -> object:
    """What of a workspace an edit must neither miss nor touch; the order of faults is of no matter."""
    return (
        workspace.connections,
        workspace.destinations,
        workspace.rules,
        [[*p.header_parameters] for r in workspace.rules for t in r.targets for p in [t.http_parameters]],
        sorted(map(str, workspace.faults)),
    )


def assert_nothing_else_changed(change: FileChange) -> None:
    """What stands before the first edited definition and after the last line of the last one is the same."""
    nodes = [FileText(change.name, change.before).node(address) for address in change.definitions]
    first, last = min(node.start for node in nodes), max(node.end for node in nodes)
    line_end = change.before.find("\n", last)
    rest = change.before[line_end if line_end >= 0 else last :]
    assert change.after.startswith(change.before[:first])
    assert change.after.endswith(rest)


@pytest.mark.parametrize("style", STYLES)
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(changes=edits)
def test_a_reload_gives_what_was_tried(style: str, changes: list[Edit]) -> None:
    name, text = STYLES[style]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(text.encode())
        workspace = opened(path)
        tried = apply(workspace, changes)
        if tried.errors:
            with pytest.raises(EditError):
                plan(workspace, changes)
            return
        planned = plan(workspace, changes)
        saved = save(planned)
        for change in planned:
            assert_nothing_else_changed(change)
        assert shown(opened(path)) == shown(tried.workspace)
        for one in saved:
            assert one.backup.read_bytes() == text.encode()

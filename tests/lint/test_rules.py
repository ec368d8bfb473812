"""Every lint rule strikes where it should, and only there."""

from pathlib import Path

import pytest

from inspector.config import load
from inspector.eventbridge.lint import RULES, Finding, lint
from tests.lint.cases import CASES, Case
from tests.lint.definitions import DELETE, OAUTH, PASSWORD, Changes, workspace

IDS = [f"{case.code}-{number}" for number, case in enumerate(CASES)]
SAMPLES = Path(__file__).parent.parent.parent / "sample_configs"


def findings(folder: Path, changes: Changes, *, volume: float | None = None) -> tuple[Finding, ...]:
    return lint(workspace(folder, changes), volume=volume)


def test_nothing_is_found_where_nothing_is_wrong(tmp_path: Path) -> None:
    assert findings(tmp_path, {}, volume=300) == ()


def test_every_rule_has_a_case() -> None:
    assert {case.code for case in CASES} == {rule.code for rule in RULES}


@pytest.mark.parametrize("case", CASES, ids=IDS)
def test_a_rule_strikes(tmp_path: Path, case: Case) -> None:
    found = findings(tmp_path, case.fires, volume=case.volume)
    own = [finding for finding in found if finding.code == case.code]
    assert any(case.says in finding.message for finding in own), found
    for finding in own:
        assert finding.fix
        assert Path(finding.origin.file).parent == tmp_path
        assert finding.origin.path.startswith("$")
        assert PASSWORD not in f"{finding.message}{finding.fix}"
        assert "canary" not in finding.message


@pytest.mark.parametrize("case", CASES, ids=IDS)
def test_a_rule_leaves_what_only_comes_near(tmp_path: Path, case: Case) -> None:
    found = findings(tmp_path, case.near, volume=case.volume)
    assert not [finding for finding in found if finding.code == case.code]
    if case.code != "EBI603":  # which looks only where everything loads
        assert not [finding for finding in found if finding.severity == "error"]


@pytest.mark.parametrize(
    ("changes", "code", "place", "path"),
    [
        pytest.param(
            {"target.HttpParameters.HeaderParameters.User-Agent": "me"},
            "EBI101", "orders/t1", "$.Targets[0].HttpParameters.HeaderParameters.User-Agent", id="target",
        ),
        pytest.param({"destination.HttpMethod": "GET"}, "EBI110", "hook", "$.HttpMethod", id="destination"),
        pytest.param({"target.Extra": 1}, "EBI006", "orders/t1", "$.Targets[0].Extra", id="in a target"),
        pytest.param({"rule.Extra": 1}, "EBI006", "orders", "$.Extra", id="in a rule"),
        pytest.param({"rule.EventBusName": "bus"}, "EBI513", "bus/orders", "$.EventBusName", id="bus"),
    ],
)  # fmt: skip
def test_a_finding_names_its_resource_and_its_place(
    tmp_path: Path, changes: Changes, code: str, place: str, path: str
) -> None:
    found = next(finding for finding in findings(tmp_path, changes) if finding.code == code)
    assert (found.place, found.origin.path) == (place, path)


AUTH = "$.AuthParameters"
BASIC = f"{AUTH}.BasicAuthParameters.Password"
TOKEN = [{"Key": "X-Token", "Value": "canary-token", "IsValueSecret": True}]
LITERAL_OAUTH = {
    "connection.AuthorizationType": "OAUTH_CLIENT_CREDENTIALS",
    "connection.AuthParameters": OAUTH,
    "connection.AuthParameters.OAuthParameters.ClientParameters.ClientSecret": "canary-client-secret",
}
HERE = "http://127.0.0.1:9870/"


@pytest.mark.parametrize(
    ("changes", "paths"),
    [
        pytest.param(
            {"connection.AuthorizationType": "API_KEY",
             "connection.AuthParameters": {"ApiKey": {"ApiKeyName": "k", "ApiKeySecret": "canary-key"}}},
            [f"{AUTH}.ApiKey.ApiKeySecret"], id="a key, by its spelling in the file",
        ),
        pytest.param(
            LITERAL_OAUTH, [f"{AUTH}.OAuthParameters.ClientParameters.ClientSecret"], id="a client secret"
        ),
        pytest.param(
            {"connection.AuthParameters.InvocationHttpParameters.HeaderParameters": TOKEN},
            [f"{AUTH}.InvocationHttpParameters.HeaderParameters[0].Value"], id="a secret parameter",
        ),
        pytest.param(
            {**LITERAL_OAUTH, "destination.InvocationEndpoint": HERE},
            [f"{AUTH}.OAuthParameters.ClientParameters.ClientSecret"], id="tokens come from elsewhere",
        ),
        pytest.param(
            {**LITERAL_OAUTH, "destination.InvocationEndpoint": HERE,
             "connection.AuthParameters.OAuthParameters.AuthorizationEndpoint": HERE},
            [], id="all of it on this machine",
        ),
        pytest.param(
            {"connection.AuthParameters.BasicAuthParameters.Password": "canary-literal",
             "destination": DELETE, "rule": DELETE, "target": DELETE},
            [BASIC], id="a connection that nobody uses yet",
        ),
        pytest.param(
            {"connection.AuthParameters.BasicAuthParameters.Password": "x-$${canary}"},
            [BASIC], id="an escaped reference is none",
        ),
        pytest.param(
            {"connection.AuthParameters.BasicAuthParameters.Password": "x-${env:PASSWORD}"},
            [], id="in part a reference",
        ),
    ],
)  # fmt: skip
def test_a_literal_secret_is_found_where_it_stands(
    tmp_path: Path, changes: Changes, paths: list[str]
) -> None:
    found = [finding for finding in findings(tmp_path, changes) if finding.code == "EBI206"]
    assert [finding.origin.path for finding in found] == paths
    assert not any("canary" in f"{finding.message}{finding.fix}" for finding in found)


def test_findings_come_in_the_order_of_files_and_places(tmp_path: Path) -> None:
    targets = [{"Id": f"t{n}", "Arn": "arn:aws:sqs:us-east-1:123456789012:q"} for n in range(2, 6)]
    found = findings(
        tmp_path, {"destination.HttpMethod": "GET", "rule.Targets": targets, "target.RoleArn": "x"}
    )
    places = [(Path(finding.origin.file).name, finding.origin.path) for finding in found]
    assert places == [
        ("destination.json", "$.HttpMethod"),
        ("rule.json", "$.Targets[0].RoleArn"),
        *(("rule.json", f"$.Targets[{n}].Arn") for n in range(1, 5)),
    ]


def test_a_finding_for_a_sample_offers_the_fix_that_was_tried(tmp_path: Path) -> None:
    transformer = {"InputTemplate": '{"a": "<c>"}', "InputPathsMap": {"c": "$.detail.customer"}}
    found = findings(tmp_path, {"target.InputTransformer": transformer})
    assert [finding.fix for finding in found] == ["Remove the quotes around `<c>`."]


@pytest.mark.parametrize(
    ("volume", "lost"),
    [(300, False), (301, True)],
    ids=["as many as the rate", "one more"],
)
def test_a_volume_within_the_rate_never_loses_an_event(tmp_path: Path, volume: float, lost: bool) -> None:
    found = findings(tmp_path, {}, volume=volume)
    assert [finding.code for finding in found] == (["EBI405"] if lost else [])


def test_the_samples_hold_risks_and_no_errors() -> None:
    found = lint(load([SAMPLES], environ={}))
    assert not [finding for finding in found if finding.severity == "error"]
    assert {"EBI108", "EBI401", "EBI512"} <= {finding.code for finding in found}
    literal = {Path(finding.origin.file).name for finding in found if finding.code == "EBI206"}
    assert literal == {"my-basic-auth-connection.json"}, "the tutorial's; the others stay on this machine"

"""`inspector edit` without a screen: try, show, write."""

import io
import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from inspector.cli import run
from tests.edit.conftest import Definitions
from tests.edit.files import CANARY

EVENT = {"source": "shop", "detail-type": "Order", "detail": {"id": "o-1", "total": 90, "state": "new"}}
Ran = tuple[int, str, str]
Command = Callable[..., Ran]


@pytest.fixture
def command(
    style: Callable[[str], Definitions], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Command:
    style("YAML")
    Path("event.json").write_text(json.dumps(EVENT))
    Path("template.json").write_text('{\n  "id": <id>\n}\n')

    def ran(line: str, *arguments: str, stdin: str = "") -> Ran:
        given = io.TextIOWrapper(io.BytesIO(stdin.encode()), encoding="utf-8")
        monkeypatch.setattr(sys, "stdin", given)
        capsys.readouterr()
        code = run(["edit", *line.split(), *arguments, "-c", "shop.yaml"])
        return code, *capsys.readouterr()

    return ran


def test_the_difference_is_shown_and_nothing_is_written(command: Command) -> None:
    before = Path("shop.yaml").read_text()
    code, out, _ = command("orders/crm --header X-New=1 --header X-Shop= --query v=3")
    assert code == 0
    assert [line for line in out.splitlines() if line[0] in "-+"] == [
        "--- shop.yaml",
        "+++ shop.yaml (edited)",
        '-                    X-Shop: "web"   # a comment to keep',
        "-                QueryStringParameters: {v: '2', \"w\": '3'}",
        "+                    X-New: '1'",
        "+                QueryStringParameters: {v: '3', \"w\": '3'}",
    ]
    assert Path("shop.yaml").read_text() == before
    assert CANARY not in out


def test_with_an_event_the_result_comes_first(command: Command) -> None:
    code, out, _ = command("crm -e event.json --template template.json --no-diff")
    assert code == 0
    assert '"id": "o-1"' in out
    assert "+++" not in out


def test_a_pattern_from_stdin_that_matches_no_more(command: Command) -> None:
    code, out, _ = command("orders -e event.json --pattern -", stdin='{"source": ["other"]}\n')
    assert code == 1
    assert "rule orders does not fire" in out


def test_write_keeps_what_was_there(command: Command) -> None:
    before = Path("shop.yaml").read_text()
    code, _, err = command("orders/crm --template template.json --write")
    assert (code, Path("shop.yaml.bak").read_text()) == (0, before)
    assert "wrote shop.yaml" in err
    after = Path("shop.yaml").read_text()
    assert '|-   # one object\n                    {\n                      "id": <id>\n' in after
    code, _, err = command("orders/crm --template template.json --write")
    assert (code, "nothing changes" in err) == (1, True)


def test_one_option_in_the_place_of_another(command: Command) -> None:
    code, _, err = command("crm --input-path $.detail")
    assert code == 2
    assert "Only one of Input, InputPath, or InputTransformer must be provided for target crm." in err
    code, _, _ = command("crm --input-path $.detail --remove InputTransformer --write")
    assert code == 0
    assert "InputTemplate" not in Path("shop.yaml").read_text()


def test_a_destination_has_parameters_of_its_own(command: Command) -> None:
    code, out, _ = command("crm --retry-attempts 7 --path-value a --path-value b")
    assert (code, "+            RetryPolicy:" in out) == (0, True)
    code, out, _ = command("crm --destination --retry-attempts 7")
    assert (code, "+    MaximumRetryAttempts: 7" in out) == (0, True)


def test_json_says_the_same(command: Command) -> None:
    code, out, _ = command("crm -e event.json --path new=$.id --query v= --output json --write")
    document = json.loads(out)
    assert code == 0
    assert document["changed"]
    assert document["previews"][0]["route"] == "orders/crm"
    assert "+                    new: $.id" in document["diff"]["shop.yaml"]
    assert document["written"][0]["file"] == "shop.yaml"


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("crmm --query a=b", "no target, rule or destination is called 'crmm'\n hint: did you mean 'crm'?"),
        ("crm", "no edit was given"),
        ("crm --header X", "--header takes NAME=VALUE, or NAME= to remove it; this is 'X'"),
        ("crm --template absent", "absent cannot be read: no such file or directory"),
        ("crm --template - --pattern -", "stdin can be read only once"),
        ("crm --template - -e -", "stdin can be read only once"),
        ("orders --query a=b", "is a target's\n hint: name the target: orders/TARGET"),
        ("crm --pattern template.json", "Event pattern is not valid. Reason:"),
        ("crm --retry-attempts 200", "0 to 185"),
        ("orders --destination --query a=b", "no destination is called 'orders'"),
        ("crm --destination --input-path $.a", "InputPath in a destination"),
        ("orders --remove EventPattern", "without pattern or schedule"),
    ],
)
def test_what_is_refused(command: Command, line: str, message: str) -> None:
    before = Path("shop.yaml").read_text()
    code, out, err = command(line, "--write")
    assert (code, out) == (2, "")
    assert message in err
    assert Path("shop.yaml").read_text() == before

"""Rules whose work the loader has done: its faults, each under the code of what it is about."""

from collections.abc import Iterator
from typing import Final, Literal

from inspector.eventbridge.lint.rule import Check, Hit, LintRule, Severity
from inspector.eventbridge.lint.subject import Subject
from inspector.eventbridge.resources import FaultKind

_RESOURCES: Final = "resources, section 2"


def of_faults(kind: FaultKind, severity: Literal["error", "warning"]) -> Check:
    """Return the check that finds the loader's faults of one kind."""

    def check(subject: Subject) -> Iterator[Hit]:
        for fault in subject.workspace.faults:
            if (fault.kind, fault.severity) == (kind, severity):
                yield Hit(fault.origin, subject.name_at(fault.origin), fault.found, _fix(fault.expected))

    return check


def _fix(expected: str) -> str:
    if not expected or expected.startswith("did you mean"):
        return expected[:1].upper() + expected[1:]
    return f"Expected: {expected}"


def _rule(
    code: str, kind: FaultKind, found: Literal["error", "warning"], title: str, why: str, fix: str,
    source: str = _RESOURCES, severity: Severity | None = None,
) -> LintRule:  # fmt: skip
    return LintRule(code, severity or found, title, why, fix, source, of_faults(kind, found))


FAULT_RULES: Final = (
    _rule(
        "EBI001", "file", "error",
        "A file or value that cannot be read as a definition",
        "Nothing of it is loaded: rules and destinations that it should hold are not looked at.",
        "Mend the JSON or YAML, or keep the file out of the folder.",
        "resources, section 7",
    ),
    _rule(
        "EBI002", "file", "warning",
        "A file or value that defines nothing",
        "It is read and leaves no trace, which is rarely what its author meant.",
        "Put a definition or an event there, or remove it.",
        "resources, section 7",
    ),
    _rule(
        "EBI003", "value", "error",
        "A value that AWS does not allow",
        "The API refuses the definition, and so it is not loaded.",
        "Write a value within the limits that the finding names.",
    ),
    _rule(
        "EBI004", "value", "warning",
        "A value that AWS refuses and the inspector understands",
        "It works here and fails when it is deployed.",
        "Write it in AWS's form.",
    ),
    _rule(
        "EBI005", "member", "error",
        "A misspelt member that is needed",
        "AWS knows the member under another name (`ClientID` and not `ClientId`, `ApiKeyValue` and not "
        "`ApiKeySecret` outside the shorthand), so the definition lacks it.",
        "Write the member as AWS spells it.",
    ),
    _rule(
        "EBI006", "member", "warning",
        "An unknown member",
        "AWS refuses what it does not know, CloudFormation too; here it has no effect.",
        "Spell it as AWS does, or remove it.",
    ),
    _rule(
        "EBI007", "twice", "warning",
        "A definition or a key that stands twice",
        "Only the last one counts; what the earlier one says is lost without a word.",
        "Keep one of the two.",
        "patterns, section 11; resources, section 7",
    ),
    _rule(
        "EBI008", "link", "error",
        "A reference to what is not defined",
        "A destination without its connection, or a target without its rule or destination, delivers "
        "nothing.",
        "Name a definition that is loaded, or load the file that holds it.",
        "resources, section 2 (ResourceNotFoundException)",
    ),
    _rule(
        "EBI009", "reference", "warning",
        "A secret whose reference gives nothing",
        "`${env:NAME}` or `${file:PATH}` stands for a password, a key value or a client secret that is not "
        "there. The connection loads and can be looked at; nothing can be sent through it from here. In CI "
        "that may be meant.",
        "Set the variable or create the file where the inspector runs.",
        "the inspector's own references to secrets",
    ),
    _rule(
        "EBI010", "secret", "warning",
        "A connection without its secret",
        "AWS never returns passwords, key values and client secrets, so a Describe answer lacks them.",
        "Give the secret by a reference in a definition of your own.",
        "request-and-auth, section 8",
    ),
    _rule(
        "EBI011", "quota", "warning",
        "More than an account's default quota",
        "PutRule may be refused, unless the account's quota was raised.",
        "Shorten it, or ask AWS for a higher quota.",
        "resources, section 6",
    ),
    _rule(
        "EBI012", "reference", "error",
        "A reference that keeps its definition from loading",
        "`${env:NAME}` or `${file:PATH}` gives nothing where a definition needs the value: a user name, an "
        "address, a parameter. Without it no request is the one that EventBridge would send, so neither the "
        "definition loads nor what names it.",
        "Set the variable or create the file where the inspector runs.",
        "the inspector's own references to secrets",
    ),
    _rule(
        "EBI103", "header-name", "error",
        "A header name that AWS refuses",
        "The names of configured headers may hold only the characters that HTTP gives them.",
        "Use letters, digits and `-`.",
    ),
    _rule(
        "EBI105", "scheme", "warning",
        "An endpoint over plain http",
        "AWS asks for https. Many servers answer http with a redirect, and EventBridge does not follow one: "
        "a 3xx is final at once, the event goes to the dead-letter queue or is lost.",
        "Write the https address that the redirect would lead to.",
        "request-and-auth, section 1",
    ),
    _rule(
        "EBI201", "credential", "error",
        "A credential that AWS refuses",
        "User names, passwords, key names, key values, client ids and secrets may hold neither `:` nor "
        "control characters, and have 1 to 512 characters.",
        "Have another credential issued, or send it in a header parameter of the connection.",
        "request-and-auth, section 6; resources, section 2",
    ),
    _rule(
        "EBI301", "input", "error",
        "An input option that EventBridge refuses",
        "PutTargets answers with a ValidationException: the target is never created.",
        "Change the option as the finding says.",
        "transform, section 0",
    ),
    _rule(
        "EBI402", "queue", "error",
        "A dead-letter queue that EventBridge cannot use",
        "Only a standard SQS queue can be one: with a FIFO queue the failed events are lost.",
        "Name the ARN of a standard queue.",
        "retries-and-dlq, section 3",
    ),
    _rule(
        "EBI501", "pattern", "error",
        "An event pattern that EventBridge refuses",
        "PutRule answers with an InvalidEventPatternException: the rule is never created.",
        "Change the pattern as the finding says.",
        "patterns, section 12",
    ),
    _rule(
        "EBI604", "service", "warning",
        "A target of another service",
        "It is shown but neither previewed nor replayed: the inspector sends to API destinations only.",
        "Nothing needs to be done.",
        "resources, section 7",
        severity="info",
    ),
    _rule(
        "EBI605", "role", "warning",
        "A target without a role",
        "EventBridge needs a role with `events:InvokeApiDestination`; without it the delivery fails at once.",
        "Add `RoleArn`.",
        "resources, section 2; retries-and-dlq, section 1",
    ),
    _rule(
        "EBI606", "target-id", "warning",
        "Two targets of one Id",
        "In a rule the later target replaces the earlier one, which is then never invoked.",
        "Give each target of a rule an Id of its own.",
        "resources, section 7",
    ),
)  # fmt: skip

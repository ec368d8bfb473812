"""What AWS allows in each member of a definition, as tables (resources, section 2).

The expressions are AWS's own, but for two that could take exponential time and are written here in a form
that accepts the same strings.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final, TypeAlias

from inspector.eventbridge.resources import HTTP_METHODS, FaultKind


@dataclass(frozen=True, slots=True)
class Text:
    """A string of `least` to `most` characters that matches `expression` as a whole.

    allowed: the expression in words. tolerated: what AWS refuses and the inspector understands, as an
    expression, with `because` for the reader. hidden: a secret, whose value no message may show.
    optional_secret: the definition loads without it when its reference gives nothing. references: `${env:…}`
    and `${file:…}` are replaced. empty_is_absent: the empty string is as good as no string. fault: what a
    fault in it is about.
    """

    least: int = 0
    most: int | None = None
    expression: str = ""
    allowed: str = ""
    tolerated: str = ""
    because: str = ""
    hidden: bool = False
    optional_secret: bool = False
    references: bool = False
    empty_is_absent: bool = False
    fault: FaultKind = "value"


@dataclass(frozen=True, slots=True)
class Whole:
    """A whole number of `least` to `most`."""

    least: int
    most: int | None = None
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Choice:
    """One of some strings, spelled exactly so."""

    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Flag:
    """`true` or `false`."""


@dataclass(frozen=True, slots=True)
class Items:
    """An array of at most `most` items that are all alike."""

    of: "Spec"
    most: int | None = None


@dataclass(frozen=True, slots=True)
class Entries:
    """An object that maps names to strings, at most `most` of them."""

    key: Text
    value: Text
    most: int | None = None


@dataclass(frozen=True, slots=True)
class Untyped:
    """Any JSON value; whoever builds the definition looks into it."""


@dataclass(frozen=True, slots=True)
class Shape:
    """An object with named members.

    noun: what it is, for messages. ignored: members that AWS knows and the inspector has no use for.
    spellings: other names of a member, each with the member that it stands for.
    """

    noun: str
    members: Mapping[str, "Spec"]
    required: tuple[str, ...] = ()
    ignored: frozenset[str] = frozenset()
    spellings: Mapping[str, str] = field(default_factory=dict)


Spec: TypeAlias = Text | Whole | Choice | Flag | Items | Entries | Untyped | Shape

NAME_CHARACTERS: Final = r"[\.\-_A-Za-z0-9]+"
NAME: Final = Text(1, 64, NAME_CHARACTERS, "letters, digits, '.', '-' and '_'")
DESCRIPTION: Final = Text(0, 512)
BUS: Final = Text(
    1,
    1600,
    r"(arn:aws[\w-]*:events:[a-z0-9-]+:\d{12}:event-bus/)?[/\.\-_A-Za-z0-9]+",
    "the name or the ARN of an event bus",
)

# AWS: ^[ \t]*[^\x00-\x1F:\x7F]+([ \t]+[^\x00-\x1F:\x7F]+)*[ \t]*$
_CREDENTIAL: Final = r"\t*[^\x00-\x1F:\x7F][^\x00-\x08\x0A-\x1F:\x7F]*"
_CREDENTIAL_WORDS: Final = "no ':' and no control characters"
CREDENTIAL_NAME: Final = Text(1, 512, _CREDENTIAL, _CREDENTIAL_WORDS, references=True, fault="credential")
CREDENTIAL: Final = replace(CREDENTIAL_NAME, hidden=True, optional_secret=True)

_HEADER_KEY: Final = r"[!#$%&'*+-.^_`|~0-9a-zA-Z]+"
# AWS: ^[ \t]*[\x20-\x7E]+([ \t]+[\x20-\x7E]+)*[ \t]*$
_HEADER_VALUE: Final = r"\t*[\x20-\x7E][\t\x20-\x7E]*"
HEADER_KEY: Final = Text(0, 512, _HEADER_KEY, "the characters of a header name", fault="header-name")
HEADER_VALUE: Final = Text(0, 512, _HEADER_VALUE, "at least one character, only printable ASCII and tabs")
QUERY_KEY: Final = Text(0, 512, r"[^\x00-\x1F\x7F]+", "at least one character, none of them a control")
QUERY_VALUE: Final = Text(
    0,
    512,
    r"[^\x00-\x09\x0B\x0C\x0E-\x1F\x7F]+",
    "at least one character, none of them a control other than line ends",
)
PATH_PARAMETER: Final = Text(0, None, r"(?s:(?!\s*\Z).+)", "a value that is not blank")

ENDPOINT: Final = Text(
    1,
    2048,
    r"((%[0-9A-Fa-f]{2}|[-()_.!~*';/?:@\x26=+$,A-Za-z0-9])+)([).!';/?:,])?",
    "a URL without spaces, '#', brackets, braces and non-ASCII characters, and with '%' only before two "
    "hexadecimal digits",
    references=True,
)

_ACCOUNT: Final = r"arn:aws[a-z-]*:events:[a-z0-9-]*:([0-9]{12})?"


def _events_arn(noun: str, kind: str) -> Text:
    return Text(
        1,
        1600,
        rf"{_ACCOUNT}:{kind}/{NAME_CHARACTERS}/[-A-Za-z0-9]+",
        f"arn:aws:events:<region>:<account>:{kind}/<name>/<uuid>",
        rf"{_ACCOUNT}:{kind}/{NAME_CHARACTERS}(/[^/\s]*)?|{NAME_CHARACTERS}",
        f"AWS wants the whole ARN of the {noun}; the inspector goes by the name in it",
    )


CONNECTION_ARN: Final = _events_arn("connection", "connection")
DESTINATION_ARN: Final = _events_arn("API destination", "api-destination")
QUEUE_ARN: Final = Text(
    1,
    1600,
    r"arn:aws[a-z-]*:sqs:[a-z0-9-]+:[0-9]{12}:[A-Za-z0-9_-]{1,80}",
    "the ARN of a standard SQS queue",
    fault="queue",
)
ROLE_ARN: Final = Text(
    1,
    1600,
    r"arn:aws[a-z-]*:iam::[0-9]{12}:role/[\w+=,.@/-]+",
    "the ARN of an IAM role",
    r".+",
    "AWS would refuse it, a local delivery needs no role",
)
RULE_ARN: Final = Text(1, 1600)
TARGET_ARN: Final = Text(1, 1600)

AUTHORIZATION_TYPE: Final = Choice(("BASIC", "OAUTH_CLIENT_CREDENTIALS", "API_KEY"))
TOKEN_METHOD: Final = Choice(("GET", "POST", "PUT"))
HTTP_METHOD: Final = Choice(HTTP_METHODS)
RULE_STATE: Final = Choice(("ENABLED", "DISABLED", "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS"))
INVOCATION_RATE: Final = Whole(1)
RETRY_ATTEMPTS: Final = Whole(0, 185)
EVENT_AGE: Final = Whole(60, 86_400, " (seconds)")
SCHEDULE: Final = Text(0, 256, empty_is_absent=True)

MOST_PARAMETERS: Final = 100
MOST_TARGETS: Final = 5
LONGEST_PATTERN: Final = 4096
PATTERN_QUOTA: Final = 2048
"""Characters, adjustable: the quota of an account, below what the API takes (resources, section 6)."""

"""Files of definitions as people keep them: each style by itself, with what must survive an edit."""

import json
from pathlib import Path
from typing import Final

from inspector.config import load
from inspector.eventbridge.resources import Workspace

ACCOUNT: Final = "us-east-1:123456789012"
UUID: Final = "11112222-3333-4444-5555-666677778888"
ROLE: Final = "arn:aws:iam::123456789012:role/invoke"
CANARY: Final = "canary-secret-4c1f"

TARGET: Final[dict[str, object]] = {
    "Id": "crm",
    "Arn": f"arn:aws:events:{ACCOUNT}:api-destination/crm/{UUID}",
    "RoleArn": ROLE,
    "InputTransformer": {
        "InputPathsMap": {"id": "$.detail.id", "total": "$.detail.total"},
        "InputTemplate": '{"order": <id>, "total": <total>}',
    },
    "HttpParameters": {
        "HeaderParameters": {"X-Shop": "web", "X-Id": "$.detail.id"},
        "QueryStringParameters": {"v": "2"},
    },
}
OTHER: Final[dict[str, object]] = {
    "Id": "audit",
    "Arn": f"arn:aws:events:{ACCOUNT}:api-destination/audit/{UUID}",
    "RoleArn": ROLE,
}
PATTERN: Final = {"source": ["shop"], "detail": {"total": [{"numeric": [">=", 50]}], "state": ["new"]}}
RULE: Final[dict[str, object]] = {"Name": "orders", "EventPattern": PATTERN, "State": "ENABLED"}
DESTINATIONS: Final = [
    {
        "Name": "crm",
        "ConnectionArn": f"arn:aws:events:{ACCOUNT}:connection/basic/{UUID}",
        "InvocationEndpoint": "https://crm.example.com/orders/*",
        "HttpMethod": "POST",
        "HttpParameters": {"PathParameterValues": ["$.detail.id"]},
        "RetryPolicy": {"MaximumRetryAttempts": 3},
    },
    {
        "Name": "audit",
        "ConnectionArn": f"arn:aws:events:{ACCOUNT}:connection/basic/{UUID}",
        "InvocationEndpoint": "https://audit.example.com/",
    },
]
CONNECTION: Final = {
    "Name": "basic",
    "AuthorizationType": "BASIC",
    "AuthParameters": {"BasicAuthParameters": {"Username": "ada", "Password": CANARY}},
}
GROUPED: Final = {
    "Connections": [CONNECTION],
    "ApiDestinations": DESTINATIONS,
    "Rules": [{**RULE, "Targets": [TARGET, OTHER]}],
}

YAML_BLOCK: Final = rf"""# The shop's rules. Do not reorder.
Connections:
  - Name: basic
    AuthorizationType: BASIC
    AuthParameters: {{BasicAuthParameters: {{Username: ada, Password: {CANARY}}}}}  # short
ApiDestinations:
- Name: crm   # the CRM
  ConnectionArn: 'arn:aws:events:{ACCOUNT}:connection/basic/{UUID}'
  InvocationEndpoint: "https://crm.example.com/orders/*"
  RetryPolicy:
    # three are enough
    MaximumRetryAttempts: 3
  HttpParameters:
    PathParameterValues:
    - $.detail.id     # the order
- Name: audit
  ConnectionArn: basic
  InvocationEndpoint: https://audit.example.com/

Rules:
  -   Name: orders
      # fields are joined by "and"
      EventPattern:
          source: [shop]   # ours
          detail:
              total: [{{numeric: [">=", 50]}}]
              state:
                  - new   # not yet paid
      Targets:
          - Id: crm
            Arn: crm
            RoleArn: {ROLE}
            InputTransformer:
                InputPathsMap:
                    id: $.detail.id       # the order
                    total: '$.detail.total'
                InputTemplate: |-   # one object
                    {{
                      "order": <id>,

                      "total": <total>
                    }}

            # parameters
            HttpParameters:
                HeaderParameters:
                    X-Shop: "web"   # a comment to keep

                    X-Id: $.detail.id
                QueryStringParameters: {{v: '2', "w": '3'}}

          - {{Id: audit, Arn: audit, RoleArn: '{ROLE}', Input: '{{"a": 1}}'}}
# the end
"""
YAML_DOCUMENTS: Final = f"""--- # connection
Name: basic
AuthorizationType: BASIC
AuthParameters:
  Basic:
    Username: ada
    Password: {CANARY}
---
- Name: crm
  ConnectionArn: basic
  InvocationEndpoint: https://crm.example.com/orders/*
- Name: audit
  ConnectionArn: basic
  InvocationEndpoint: https://audit.example.com/
---
Name: orders
EventPattern: >-
  {{"source": ["shop"],
  "detail": {{"total": [{{"numeric": [">=", 50]}}]}}}}
...
---
Rule: orders
Targets:
- Id: crm
  Arn: crm
  InputPath: $.detail
- Id: audit
  Arn: audit"""


def _json_lines() -> str:
    lines = [CONNECTION, *DESTINATIONS, RULE, {"Rule": "orders", "Targets": [TARGET, OTHER]}]
    return "\n\n".join(json.dumps(line) for line in lines) + "\n"


def _odd_json() -> str:
    """JSON as a hand writes it: its own spaces, escapes, a number kept as `5.0e1`, no line end."""
    text = json.dumps(GROUPED, indent="\t").replace('": ', '" :  ').replace("50\n", "5.0e1\n")
    return text.replace('"X-Shop"', '"X\\u002dShop"').replace('"ENABLED"', '"\\u0045NABLED"')


def _with_pattern(text: str) -> str:
    rule = {**RULE, "EventPattern": text, "Targets": [TARGET, OTHER]}
    return json.dumps({**GROUPED, "Rules": [rule]}, indent=2)


STYLES: Final[dict[str, tuple[str, str]]] = {
    # what it is: name of the file, its text
    "JSON of two spaces": ("shop.json", json.dumps(GROUPED, indent=2) + "\n"),
    "JSON on one line": ("shop.json", json.dumps(GROUPED)),
    "JSON without a space": ("shop.json", json.dumps(GROUPED, separators=(",", ":"))),
    "JSON of tabs and odd spaces": ("shop.json", _odd_json()),
    "JSON with CRLF": ("shop.json", json.dumps(GROUPED, indent=4).replace("\n", "\r\n")),
    "JSON Lines": ("shop.jsonl", _json_lines()),
    "a pattern as a string": ("shop.json", _with_pattern(json.dumps(PATTERN))),
    "a compact pattern as a string": ("shop.json", _with_pattern(json.dumps(PATTERN, separators=(",", ":")))),
    "targets by the names of rules": (
        "shop.json",
        json.dumps({**GROUPED, "Rules": [RULE], "Targets": {"orders": [TARGET, OTHER]}}, indent=2),
    ),
    "YAML": ("shop.yaml", YAML_BLOCK),
    "YAML with CRLF": ("shop.yaml", YAML_BLOCK.replace("\n", "\r\n")),
    "YAML of several documents": ("shop.yml", YAML_DOCUMENTS),
    "JSON in a YAML file": ("shop.yaml", json.dumps(GROUPED, indent=2) + "\n"),
}  # fmt: skip


def opened(path: Path) -> Workspace:
    """Return the workspace of one file."""
    return load([path], environ={})

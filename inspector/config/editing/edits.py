"""An edit: one member of one definition, and what is to stand there."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from inspector.errors import InspectorError
from inspector.eventbridge.resources import (
    ApiDestination,
    HttpParameters,
    Origin,
    RetryPolicy,
    Route,
    Rule,
    Target,
    TargetInput,
    Workspace,
)
from inspector.jsontext import JsonValue

OwnerKind: TypeAlias = Literal["rule", "target", "destination"]
Member: TypeAlias = Literal[
    "EventPattern",
    "Input",
    "InputPath",
    "InputTransformer.InputTemplate",
    "InputTransformer.InputPathsMap",
    "HttpParameters.PathParameterValues",
    "HttpParameters.HeaderParameters",
    "HttpParameters.QueryStringParameters",
    "RetryPolicy",
]
EditValue: TypeAlias = "str | tuple[str, ...] | Mapping[str, str] | RetryPolicy | None"

_PARAMETERS: Final[tuple[Member, ...]] = (
    "HttpParameters.PathParameterValues",
    "HttpParameters.HeaderParameters",
    "HttpParameters.QueryStringParameters",
    "RetryPolicy",
)
MEMBERS: Final[Mapping[OwnerKind, tuple[Member, ...]]] = {
    "rule": ("EventPattern",),
    "target": (
        "Input",
        "InputPath",
        "InputTransformer.InputTemplate",
        "InputTransformer.InputPathsMap",
        *_PARAMETERS,
    ),
    # The simplified form of the tutorials keeps them in the destination itself.
    "destination": _PARAMETERS,
}
"""What can be edited, in the order in which edits are applied: a template before its paths."""


class EditError(InspectorError):
    """An edit that cannot be made or written: its owner is gone, its value is refused, its file changed."""


@dataclass(frozen=True, slots=True)
class Owner:
    """The definition that an edit changes, by its names: a reload does not lose it.

    name: of the rule, or of the destination. target_id: of the rule's target, where the target is meant.
    """

    kind: OwnerKind
    name: str
    bus: str = "default"
    target_id: str = ""

    @classmethod
    def of_rule(cls, rule: Rule) -> "Owner":
        """Return the rule as an owner."""
        return cls("rule", rule.name, rule.event_bus_name)

    @classmethod
    def of_target(cls, rule: Rule, target: Target) -> "Owner":
        """Return a rule's target as an owner."""
        return cls("target", rule.name, rule.event_bus_name, target.target_id)

    @classmethod
    def of_destination(cls, destination: ApiDestination) -> "Owner":
        """Return the destination as an owner."""
        return cls("destination", destination.name)

    @classmethod
    def of_route(cls, route: Route, member: Member) -> "Owner":
        """Return whom a member of a route belongs to.

        Raises:
            EditError: no rule stands before the destination, and the member is a rule's or target's.
        """
        if route.rule is None:
            owner = cls.of_destination(route.destination)
        elif member in MEMBERS["rule"]:
            owner = cls.of_rule(route.rule)
        else:
            owner = cls.of_target(route.rule, route.target)
        if member not in MEMBERS[owner.kind]:
            raise EditError(
                f"{member} needs a rule with a target; {route.name} is a destination that no rule targets"
            )
        return owner

    def __str__(self) -> str:
        bus = "" if self.bus == "default" else f"{self.bus}/"
        return f"{bus}{self.name}/{self.target_id}" if self.kind == "target" else f"{bus}{self.name}"

    def find(self, workspace: Workspace) -> "Rule | Target | ApiDestination":
        """Return the definition.

        Raises:
            EditError: the workspace has it no more.
        """
        found: Rule | Target | ApiDestination | None
        if self.kind == "destination":
            found = next((d for d in workspace.destinations if d.name == self.name), None)
        else:
            of_name = (r for r in workspace.rules if (r.event_bus_name, r.name) == (self.bus, self.name))
            found = rule = next(of_name, None)
            if self.kind == "target":
                targets = rule.targets if rule else ()
                found = next((t for t in targets if t.target_id == self.target_id), None)
        if found is None:
            raise EditError(f"the {self.kind} {str(self)!r} is not defined", hint="its file may have changed")
        return found

    def origin(self, workspace: Workspace) -> Origin:
        """Return where the definition stands.

        Raises:
            EditError: the workspace has it no more.
        """
        return self.find(workspace).origin


@dataclass(frozen=True, slots=True)
class Edit:
    """What is to stand in one member of a definition.

    value: the text of a pattern, template, `Input` or `InputPath`; names to values for a map of parameters
    or paths; the path parameters in their order; a whole retry policy. None, like an empty map, takes the
    member away, and an `InputTemplate` of None the whole `InputTransformer`.
    """

    owner: Owner
    member: Member
    value: EditValue

    @property
    def steps(self) -> tuple[str, ...]:
        """The member as the way to it from its definition."""
        return tuple(self.member.split("."))

    @property
    def json(self) -> JsonValue:
        """The value as a definition has it; None for no member at all."""
        match self.value:
            case RetryPolicy(attempts, age):
                return {"MaximumRetryAttempts": attempts, "MaximumEventAgeInSeconds": age}
            case None | str():
                return self.value
            case Mapping():
                return dict(self.value) or None
            case _:
                return list(self.value) or None


def value_of(workspace: Workspace, owner: Owner, member: Member) -> EditValue:
    """Return what stands in a member of a definition, None for no such member.

    Raises:
        EditError: the workspace does not have the definition.
    """
    found = owner.find(workspace)
    if isinstance(found, Rule):
        return found.event_pattern
    if member == "RetryPolicy":
        return found.retry_policy
    parameters = found.http_parameters or HttpParameters()
    option = found.input if isinstance(found, Target) else TargetInput()
    transformer = option.input_transformer
    match member:
        case "Input":
            return option.input
        case "InputPath":
            return option.input_path
        case "InputTransformer.InputTemplate":
            return transformer.input_template if transformer else None
        case "InputTransformer.InputPathsMap":
            return (transformer and transformer.input_paths_map) or None
        case "HttpParameters.HeaderParameters":
            return parameters.header_parameters or None
        case "HttpParameters.QueryStringParameters":
            return parameters.query_string_parameters or None
        case "HttpParameters.PathParameterValues":
            return parameters.path_parameter_values or None
        case _:
            return None


def ordered(edits: "tuple[Edit, ...]") -> list[Edit]:
    """Return edits in the order in which they apply; of two of the same member only the later one."""
    last = {(edit.owner, edit.member): edit for edit in edits}
    return sorted(last.values(), key=lambda edit: _rank(edit.owner.kind, edit.member))


def _rank(kind: OwnerKind, member: Member) -> int:
    members = MEMBERS[kind]
    return members.index(member) if member in members else len(members)

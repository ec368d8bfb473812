"""What PutTargets refuses of a target's input option, in AWS's words (transform, sections 0 and 1).

The wording is that of recorded answers; `[Source: ..]` and the place in it are the service's own form.
"""

import re
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from typing import Final

from inspector.eventbridge.jsonpath import PathError, parse_path
from inspector.eventbridge.payload import AdmissionError
from inspector.eventbridge.resources import InputTransformer, TargetInput
from inspector.eventbridge.template import (
    EVENT,
    EVENT_JSON,
    PREDEFINED,
    is_object_template,
    placeholders_of,
    template_fault,
)
from inspector.jsontext import JsonError, loads

_LONGEST_TEXT: Final = 8192
_LONGEST_PATH: Final = 256
_MOST_PATHS: Final = 100
_MAP_KEY: Final = re.compile(r"[A-Za-z0-9_-]{1,256}")
_KEY_CONSTRAINT: Final = (
    "Map keys must satisfy constraint: [Member must have length less than or equal to 256, "
    "Member must have length greater than or equal to 1, "
    r"Member must satisfy regular expression pattern: [A-Za-z0-9\_\-]+]"
)


def check_target_input(target_id: str, target_input: TargetInput) -> list[AdmissionError]:
    """Return everything for which PutTargets would refuse a target's input option, the first fault first."""
    return list(_faults(target_id, target_input))


def _faults(target_id: str, option: TargetInput) -> Iterator[AdmissionError]:
    if sum(part is not None for part in (option.input, option.input_path, option.input_transformer)) > 1:
        yield AdmissionError(
            f"Only one of Input, InputPath, or InputTransformer must be provided for target {target_id}.",
            hint="keep the one that makes the payload you want",
        )
    if option.input:
        yield from _input_faults(target_id, option.input)
    if option.input_path:
        yield from _path_faults(target_id, option.input_path, "inputPath", "InputPath")
    if option.input_transformer is not None:
        yield from _transformer_faults(target_id, option.input_transformer)


def _input_faults(target_id: str, text: str) -> Iterator[AdmissionError]:
    if len(text) > _LONGEST_TEXT:
        yield _too_long("input", text, _LONGEST_TEXT)
    try:
        loads(text)
    except JsonError as error:
        yield AdmissionError(
            f"JSON syntax error in input for target {target_id}: {_source(text, error)}",
            hint=f"Input is one JSON value: {error.reason}",
            offset=error.offset,
        )


def _path_faults(target_id: str, text: str, member: str, place: str) -> Iterator[AdmissionError]:
    if len(text) > _LONGEST_PATH:
        yield _too_long(member, text, _LONGEST_PATH)
    try:
        parse_path(text)
    except PathError as error:
        hint = f"{place} {text!r}, character {error.position + 1}: {error.reason}"
        yield AdmissionError(
            f"InputPath for target {target_id} is invalid.",
            hint=f"{hint}; {error.hint}" if error.hint else hint,
        )


def _transformer_faults(target_id: str, transformer: InputTransformer) -> Iterator[AdmissionError]:
    template, paths = transformer.input_template, transformer.input_paths_map
    if not template:
        yield _broken(
            "inputTransformer.inputTemplate", "", "Member must have length greater than or equal to 1"
        )
    if len(template) > _LONGEST_TEXT:
        yield _too_long("inputTransformer.inputTemplate", template, _LONGEST_TEXT)
    if len(paths) > _MOST_PATHS:
        yield _too_long("inputTransformer.inputPathsMap", _shown(paths), _MOST_PATHS)
    if bad := next((key for key in paths if not _MAP_KEY.fullmatch(key)), None):
        yield _broken(
            "inputTransformer.inputPathsMap",
            _shown(paths),
            _KEY_CONSTRAINT,
            hint=f"the name {bad!r} may hold letters, digits, `_` and `-` only",
        )
    elif "" in paths:
        yield _broken(
            "inputTransformer.inputPathsMap", _shown(paths), _KEY_CONSTRAINT, hint="a name must not be empty"
        )
    for name, path in paths.items():
        if not path:
            yield AdmissionError(
                f"InputPath for target {target_id} is invalid.", hint=f"the path of <{name}> is empty"
            )
        else:
            yield from _path_faults(target_id, path, "inputTransformer.inputPathsMap", f"path of <{name}>")
    if template:
        yield from _template_faults(target_id, template, paths)


def _template_faults(target_id: str, template: str, paths: Mapping[str, str]) -> Iterator[AdmissionError]:
    for found in placeholders_of(template):
        if found.is_key:
            yield AdmissionError(
                f"InputTemplate placeholder present as a JSON object key for target {target_id}.",
                hint=f"<{found.name}> may stand for a value, not for a key",
                offset=found.start,
            )
        if paths and found.name not in paths and found.name not in PREDEFINED:
            yield AdmissionError(
                f"InputTemplate for target {target_id} contains invalid placeholder {found.name}.",
                hint=_did_you_mean(found.name, paths),
                offset=found.start,
            )
        if found.name in (EVENT, EVENT_JSON) and not is_object_template(template):
            yield AdmissionError(
                f"InputTemplate for target {target_id} contains placeholder {found.name} "
                "valid only for JSON template.",
                hint=f'start the template with `{{`: {{"event": <{found.name}>}}',
                offset=found.start,
            )
    if fault := template_fault(template):
        text, error, offset = fault
        yield AdmissionError(
            f"Invalid InputTemplate for target {target_id} : {_source(text, error)}.",
            hint="a template is JSON, or lines that are each in double quotes; placeholders count as null: "
            + error.reason,
            offset=offset,
        )


def _did_you_mean(name: str, paths: Mapping[str, str]) -> str:
    close = get_close_matches(name, (*paths, *PREDEFINED), n=1, cutoff=0.7)
    add = f'add "{name}" to InputPathsMap'
    return f"did you mean <{close[0]}>? Otherwise {add}" if close else add


def _source(text: str, error: JsonError) -> str:
    return f'[Source: (String)"{text}"; line: {error.line}, column: {error.column}]'


def _too_long(member: str, value: str, longest: int) -> AdmissionError:
    return _broken(member, value, f"Member must have length less than or equal to {longest}")


def _broken(member: str, value: str, constraint: str, *, hint: str = "") -> AdmissionError:
    shown = value if len(value) <= _LONGEST_PATH else value[:_LONGEST_PATH] + "…"
    return AdmissionError(
        f"1 validation error detected: Value '{shown}' at 'targets.1.member.{member}' "
        f"failed to satisfy constraint: {constraint}",
        hint=hint,
    )


def _shown(paths: Mapping[str, str]) -> str:
    return "{" + ", ".join(f"{name}={path}" for name, path in paths.items()) + "}"

"""Results of suites as the JUnit XML that CI systems read."""

import re
from collections.abc import Iterable
from itertools import groupby
from pathlib import Path
from typing import Final
from xml.etree.ElementTree import Element, ElementTree, SubElement

from inspector.errors import InspectorError
from inspector.workbench.suite import CaseResult

_NO_XML: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def junit(results: Iterable[CaseResult], file: Path, seconds: float) -> None:
    """Write one `testsuite` for each file of cases.

    seconds: what all of them took.

    Raises:
        InspectorError: the file cannot be written.
    """
    everything = list(results)
    root = Element("testsuites", _counts(everything) | {"time": f"{seconds:.3f}"})
    for name, group in groupby(everything, key=lambda result: result.case.origin.file):
        cases = list(group)
        suite = SubElement(root, "testsuite", {"name": _text(name)} | _counts(cases))
        for result in cases:
            place = _text(result.case.origin.path)
            case = SubElement(suite, "testcase", {"name": _text(result.case.name), "classname": _text(name)})
            if not result.passed:
                message = _text(f"expected {result.expected}; got {result.got}")
                failure = SubElement(case, "failure", {"message": message, "type": "mismatch"})
                failure.text = _text(f"{place}\n{message}\n{result.explanation}")
    try:
        ElementTree(root).write(file, encoding="utf-8", xml_declaration=True)
    except OSError as error:
        reason = (error.strerror or type(error).__name__).lower()
        raise InspectorError(f"the report {file} cannot be written: {reason}") from None


def _counts(results: list[CaseResult]) -> dict[str, str]:
    failures = sum(not result.passed for result in results)
    return {"tests": str(len(results)), "failures": str(failures), "errors": "0"}


def _text(text: str) -> str:
    return _NO_XML.sub("�", text)

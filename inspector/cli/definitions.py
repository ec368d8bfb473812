"""Definitions for the commands that only read them: no workbench, and nothing that delivers, is loaded."""

import os
from collections.abc import Mapping, Sequence
from pathlib import Path

from inspector.config import load
from inspector.eventbridge.resources import Fault, Workspace


def read_definitions(config: Sequence[Path]) -> Workspace:
    """Return what files and folders define, the current folder where none is given.

    Raises:
        ConfigError: a path does not exist.
    """
    return load(config or [Path()], environ=os.environ)


def fault_document(fault: Fault) -> Mapping[str, object]:
    """One thing wrong with a definition, for `--output json`."""
    return {
        "severity": fault.severity,
        "file": fault.origin.file,
        "path": fault.origin.path,
        "found": fault.found,
        "expected": fault.expected,
    }

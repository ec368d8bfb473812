"""Files and folders in, a workspace out."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from inspector.config.assemble import Assembly
from inspector.config.check import Checker
from inspector.config.documents import documents
from inspector.config.files import find_files, read_text, text_digest
from inspector.config.recognise import recognise
from inspector.config.report import Report
from inspector.eventbridge.resources import Workspace


def load(paths: Sequence[Path], *, environ: Mapping[str, str]) -> Workspace:
    """Return the workspace that files and folders define, with everything that is wrong in them.

    paths: files of JSON, JSONL or YAML, or folders, which are walked. environ: where `${env:NAME}` looks.
    Bad content never raises: it becomes a `Fault` of the workspace, and everything else still loads.

    Raises:
        ConfigError: a path in `paths` does not exist or cannot be read.
    """
    report = Report()
    assembly = Assembly(Checker(report, environ))
    files: list[str] = []
    digests: dict[str, str] = {}
    for file in find_files(paths, report):
        files.append(file.name)
        text = read_text(file, report)
        if text is None:
            continue
        digests[file.name] = text_digest(text)
        for value, place in documents(text, file, report):
            for found in recognise(value, place, report):
                assembly.add(found)
    return replace(assembly.workspace(files), digests=digests)

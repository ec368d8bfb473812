"""What happens when the inspector itself fails: a report without values, and one sentence to the user.

Textual's own traceback prints local variables, and those hold credentials.
"""

import platform
import traceback
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from inspector import __version__

KEPT: Final = 10


def report_text(error: BaseException, moment: datetime) -> str:
    """Return what is told of a failure: where it happened and the types of the errors.

    Neither locals nor messages are in it: a message may quote a request.
    """
    lines = [
        f"eventbridge-inspector {__version__}",
        f"{moment:%Y-%m-%dT%H:%M:%SZ} Python {platform.python_version()} {platform.system()}",
        "",
    ]
    chain: list[BaseException] = []
    while error not in chain:
        chain.append(error)
        error = error.__cause__ or error.__context__ or error
    for link in reversed(chain):
        frames = traceback.extract_tb(link.__traceback__)
        lines += [f"  {Path(frame.filename).name}:{frame.lineno} in {frame.name}" for frame in frames]
        lines += [f"{type(link).__module__}.{type(link).__qualname__}", ""]
    return "\n".join(lines)


def write_report(error: BaseException, folder: Path | None = None) -> Path | None:
    """Write a report into the platform's log folder and return its path, None where that is impossible.

    Only the newest reports are kept.
    """
    from platformdirs import user_log_path

    moment = datetime.now(UTC)
    folder = folder or user_log_path("eventbridge-inspector", appauthor=False)
    path = folder / f"crash-{moment:%Y%m%dT%H%M%S%f}.txt"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        path.touch(0o600)
        path.write_text(report_text(error, moment), encoding="utf-8")
        for old in sorted(folder.glob("crash-*.txt"))[:-KEPT]:
            old.unlink(missing_ok=True)
    except OSError:
        return None
    return path


def sentence(report: Path | None) -> str:
    """Return what the user is told."""
    if report is None:
        return "The inspector ran into an error of its own and had to stop; no report could be written."
    return f"The inspector ran into an error of its own and had to stop. What is known of it: {report}"

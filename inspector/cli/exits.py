"""What the exit codes of the commands mean."""

from typing import Final

YES: Final = 0
"""Matched, delivered, done."""
NO: Final = 1
"""No match, not delivered."""
BAD_INPUT: Final = 2
"""Bad input or usage."""
INTERNAL: Final = 70
"""A fault of the inspector's own (EX_SOFTWARE)."""
INTERRUPTED: Final = 130
"""Ended by Ctrl-C (128 + SIGINT)."""
PIPE_CLOSED: Final = 141
"""The reader of the output went away (128 + SIGPIPE)."""
TERMINATED: Final = 143
"""Ended by SIGTERM (128 + SIGTERM)."""

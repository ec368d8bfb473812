"""Python's collector of garbage, at rest until the screen is there.

What starts up stays: the collector would look through all of it, over and over, and find nothing. That is a
sixth of the time to the first paint.
"""

import gc


def rest() -> None:
    """Let the collector rest; `wake` ends it."""
    gc.disable()


def wake() -> None:
    """Set the collector to work, if it rests; what is there by now it leaves alone for good."""
    if not gc.isenabled():
        gc.freeze()
        gc.enable()

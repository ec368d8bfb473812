"""A terminal inspector and replayer for Amazon EventBridge API destinations.

This package imports nothing: start-up pays only for what a command uses.
"""

__version__ = "0.1.0"

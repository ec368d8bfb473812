"""Definitions from files: connections, API destinations, rules, targets and sample events."""

from inspector.config.files import ConfigError
from inspector.config.loader import load

__all__ = ["ConfigError", "load"]

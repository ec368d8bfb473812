"""The steps strung together, without a screen: what both faces of the inspector stand on."""

from inspector.workbench.bench import Workbench
from inspector.workbench.compare import ComparedRow, Comparison
from inspector.workbench.replay import ReplayError
from inspector.workbench.run import Run
from inspector.workbench.values import Preview, RuleResult
from inspector.workbench.ways import Way

__all__ = ["ComparedRow", "Comparison", "Preview", "ReplayError", "RuleResult", "Run", "Way", "Workbench"]

"""What a scripted target does, phase after phase: the value behind “503 for 2h, then 200”."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from inspector.delivery.scripted import Script, ScriptedAnswer


@dataclass(frozen=True, slots=True)
class Phase:
    """One stretch of a scenario.

    share: of its attempts that get `answer`, by chance; the others get `otherwise`. None: all get it.
    attempts, lasts: what bounds it, a number of attempts or a time; both are None for the last phase,
    which never ends.
    """

    answer: ScriptedAnswer
    share: float | None = None
    attempts: int | None = None
    lasts: timedelta | None = None
    otherwise: ScriptedAnswer = field(default_factory=ScriptedAnswer)


@dataclass(frozen=True, slots=True)
class Scenario:
    """A scripted target: `text` as a person wrote it, and its phases, the last without a bound."""

    text: str
    phases: tuple[Phase, ...]

    def script(self, random: Callable[[], float]) -> Script:
        """Return the script for one delivery. random: returns a number in [0, 1), asked where chance decides.

        A phase that is bounded by a time lasts that long from the end of the one before, whether anybody
        calls meanwhile or not; after one that is bounded by a number it begins with the attempt that
        meets it, and the first with the first attempt.
        """
        phases = self.phases
        index = used = 0
        began: datetime | None = None

        def answer(_number: int, now: datetime) -> ScriptedAnswer:
            nonlocal index, used, began
            began = began or now
            while True:
                phase = phases[index]
                if phase.lasts is not None:
                    if now - began < phase.lasts:
                        break
                    began += phase.lasts
                elif phase.attempts is not None:
                    if used < phase.attempts:
                        used += 1
                        break
                    began = now
                else:
                    break
                index, used = index + 1, 0
            if phase.share is not None and random() >= phase.share:
                return phase.otherwise
            return phase.answer

        return answer

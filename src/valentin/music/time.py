"""Between quarters and seconds: the tempo curve of a Plan, both ways.

**Conventions.** `_q` in quarter notes, `_s` in seconds. The curve is piecewise constant in
seconds per quarter, so time is piecewise linear and strictly rising in score time; the two
directions are exact inverses up to rounding.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

from valentin.music.plan import Plan

__all__ = ["Floats", "TempoCurve"]

Floats = npt.NDArray[np.float64]


class TempoCurve:
    """Score time ↔ performed time for one Plan. Extrapolates with the first and last tempo."""

    __slots__ = ("_knots_q", "_knots_s", "_slopes")

    def __init__(
        self, onsets_q: Iterable[float], seconds_per_quarter: Iterable[float], start_s: float = 0.0
    ) -> None:
        self._knots_q = np.array([float(q) for q in onsets_q], dtype=np.float64)
        self._slopes = np.fromiter(seconds_per_quarter, dtype=np.float64)
        if len(self._knots_q) == 0 or len(self._knots_q) != len(self._slopes):
            raise ValueError(
                f"a tempo curve needs one tempo per onset, got {len(self._slopes)} "
                f"for {len(self._knots_q)}"
            )
        steps = np.diff(self._knots_q) * self._slopes[:-1]
        self._knots_s = start_s + np.concatenate([[0.0], np.cumsum(steps)])

    @classmethod
    def of(cls, plan: Plan) -> TempoCurve:
        """The curve of a plan."""
        return cls((float(q) for q in plan.onsets_q), plan.seconds_per_quarter, plan.start_s)

    def seconds(self, quarters: npt.ArrayLike) -> Floats:
        """Nominal time of places in the score, same shape as `quarters`."""
        q = np.asarray(quarters, dtype=np.float64)
        i = np.clip(np.searchsorted(self._knots_q, q, side="right") - 1, 0, len(self._slopes) - 1)
        return np.asarray(self._knots_s[i] + (q - self._knots_q[i]) * self._slopes[i])

    def quarters(self, seconds: npt.ArrayLike) -> Floats:
        """Place in the score where the nominal time is `seconds`, same shape."""
        s = np.asarray(seconds, dtype=np.float64)
        i = np.clip(np.searchsorted(self._knots_s, s, side="right") - 1, 0, len(self._slopes) - 1)
        return np.asarray(self._knots_q[i] + (s - self._knots_s[i]) / self._slopes[i])

"""Dampers: which strings are free, and how hard the felt presses on the others.

In go the notes and pedal events of a performance; out comes, for any block, the pressure of every
damper, averaged over short segments.

**Conventions.** Pressure 1 is a damper at rest, 0 a string that is free. A damper is up while its
key is held, while the sostenuto pedal has caught it, or as far as the sustain pedal lifts it. The
engine makes of it `env = exp(−k·∫pressure dt)`: a half pedal is a slower decay, not a switch.

**Knows nothing of** samples and strings.
"""

from __future__ import annotations

from collections.abc import Sequence

import numba
import numpy as np
import numpy.typing as npt

from valentin.music import PedalEvent, Performance, PerformedNote

__all__ = ["Dampers", "pressure_of"]

Floats = npt.NDArray[np.float64]

LIFT_BEGINS = 25.0  # pedal value (0..127) where the felt begins to leave the strings
LIFT_ENDS = 85.0  # … and where it has left them
FOREVER_S = 1e9  # a pedal that never comes up
HALF_PEDAL_POWER = 2.0  # pressure falls fast at first: most of the travel is half pedal


def pressure_of(value: npt.ArrayLike) -> Floats:
    """Damper pressure 0..1 for sustain pedal values 0..127."""
    v = np.asarray(value, dtype=np.float64)
    lift = np.clip((v - LIFT_BEGINS) / (LIFT_ENDS - LIFT_BEGINS), 0.0, 1.0)
    return np.asarray((1.0 - lift) ** HALF_PEDAL_POWER)


class Dampers:
    """The dampers of one performance."""

    def __init__(self, performance: Performance) -> None:
        sustain = [e for e in performance.pedal if e.control == "sustain"]
        self._times = np.array([-1.0] + [e.time_s for e in sustain])
        self._pressures = pressure_of([0] + [e.value for e in sustain])
        held = [(n.pitch, n.onset_s, n.offset_s) for n in performance.notes]
        held += _caught(performance.notes, performance.pedal, self)
        held.sort(key=lambda h: h[1])
        self._pitch = np.array([h[0] for h in held], dtype=np.int64)
        self._down = np.array([h[1] for h in held], dtype=np.float64)
        self._up = np.array([h[2] for h in held], dtype=np.float64)

    def pedal_pressure(self, time_s: float) -> float:
        """Pressure that the sustain pedal alone leaves at a time."""
        return float(self._pressures[np.searchsorted(self._times, time_s, side="right") - 1])

    def pressures(self, start_s: float, segment_s: float, segments: int) -> Floats:
        """Mean pressure per pitch and segment, shape (128, segments)."""
        out = np.empty((128, segments))
        out[:] = _mean_of_steps(self._times, self._pressures, start_s, segment_s, segments)
        end_s = start_s + segment_s * segments
        begun = int(np.searchsorted(self._down, end_s))
        live = np.nonzero(self._up[:begun] > start_s)[0]
        _lift(out, self._pitch[live], self._down[live], self._up[live], start_s, segment_s)
        return out


def _caught(
    notes: Sequence[PerformedNote], pedal: Sequence[PedalEvent], dampers: Dampers
) -> list[tuple[int, float, float]]:
    """Stretches in which the sostenuto pedal keeps a damper up that was up when it went down."""
    caught: list[tuple[int, float, float]] = []
    down_s = -1.0
    steps = [(e.time_s, e.value >= 64) for e in pedal if e.control == "sostenuto"]
    for time_s, down in [*steps, (FOREVER_S, False)]:
        if down and down_s < 0.0:
            down_s = time_s
        elif not down and down_s >= 0.0:
            all_up = dampers.pedal_pressure(down_s) < 0.5
            up = {n.pitch for n in notes if n.onset_s <= down_s < n.offset_s}
            pitches = set(range(128)) if all_up else up
            caught += [(p, down_s, time_s) for p in sorted(pitches)]
            down_s = -1.0
    return caught


@numba.njit(cache=True, nogil=True)
def _mean_of_steps(times, values, start_s, segment_s, segments):  # type: ignore[no-untyped-def]
    """Mean of a step function over each segment."""
    out = np.zeros(segments)
    i = np.searchsorted(times, start_s, side="right") - 1
    for s in range(segments):
        here = start_s + s * segment_s
        end = here + segment_s
        total = 0.0
        while i + 1 < len(times) and times[i + 1] < end:
            if times[i + 1] > here:
                total += values[i] * (times[i + 1] - here)
                here = times[i + 1]
            i += 1
        out[s] = (total + values[i] * (end - here)) / segment_s
    return out


@numba.njit(cache=True, nogil=True)
def _lift(out, pitch, down, up, start_s, segment_s):  # type: ignore[no-untyped-def]
    """Take off the pressure of every pitch in proportion to the time its key is held."""
    segments = out.shape[1]
    for n in range(len(pitch)):
        first = max(0, int((down[n] - start_s) / segment_s))
        last = min(segments - 1, int((up[n] - start_s) / segment_s))
        for s in range(first, last + 1):
            a = start_s + s * segment_s
            held = min(a + segment_s, up[n]) - max(a, down[n])
            if held > 0.0:
                free = 1.0 - held / segment_s
                out[pitch[n], s] = min(out[pitch[n], s], max(0.0, free))

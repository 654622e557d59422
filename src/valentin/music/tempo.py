"""The tempo of somebody who is heard: a Kalman filter over the places reached.

In: places and the seconds at which they were reached, one after another. Out: when any later place
is due, and seconds per unit of place.

**Conventions.** A place is in quarters of a score or in the seconds of a plan; the filter does not
mind. The state is the time at which the present place was due, and the slope there. What a player
does at one onset is partly an accent of timing, which passes, and partly a new tempo, which stays;
the variances say in what proportion. They are relative to the slope, so that a constant factor
changes nothing but the weight of `TIMING_S`, which is of fingers and does not scale.

**Knows nothing of** pitches, jumps.

**Reference.** A. T. Cemgil, B. Kappen, P. Desain, H. Honing, "On tempo tracking: tempogram
representation and Kalman filtering", J. New Music Research 29 (2000). We measure places against the
score, so that no tactus is looked for.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

__all__ = ["Tempo"]

TIMING_S = 0.02
"""Standard deviation of one onset about the tempo, seconds: hands together, clean playing."""

WANDERING = 0.13
"""Standard deviation of the logarithm of the slope after one unit of place (a quarter)."""

MOST_OFF = 0.5
"""The share of a step beyond which an onset says that the player waited, not how fast he goes."""

SLOWER, FASTER = 0.7, -0.4
"""The most that one onset changes the slope, as shares."""

UNKNOWN = 0.5
"""Standard deviation of the logarithm of the slope before anything was heard."""


@dataclass(frozen=True, slots=True)
class Tempo:
    """The line through (`place`, `due_s`) with `slope` seconds per unit, and what is not known of
    it: `phase` in units², `drift` relative, `both` their covariance."""

    place: float
    due_s: float
    slope: float
    phase: float = 0.0
    drift: float = UNKNOWN**2
    both: float = 0.0

    def reached(self, place: float, time_s: float) -> Tempo:
        """The line after a later place was reached at `time_s`; itself for an earlier place."""
        step = place - self.place
        if step <= 0:
            return self
        phase = self.phase + 2 * step * self.both + step**2 * self.drift
        both = self.both + step * self.drift
        drift = self.drift + WANDERING**2 * step
        noise = (TIMING_S / self.slope) ** 2
        gain, bend = phase / (phase + noise), both / (phase + noise)
        due_s = self.due_s + step * self.slope
        off = (time_s - due_s) / self.slope
        waited = abs(off) > MOST_OFF * step
        off = min(max(off, -MOST_OFF * step), MOST_OFF * step)
        return Tempo(
            place,
            time_s if waited else due_s + gain * off * self.slope,
            self.slope * (1 + min(max(bend * off, FASTER), SLOWER)),
            (1 - gain) * phase,
            drift - bend * both,
            (1 - gain) * both,
        )

    def moved(self, place: float, time_s: float) -> Tempo:
        """The same slope from another place on: after a jump, a stop, a fermata."""
        return replace(self, place=place, due_s=time_s, phase=0.0, both=0.0)

    def seconds(self, place: float) -> float:
        """When a place is due."""
        return self.due_s + (place - self.place) * self.slope

    def at(self, time_s: float) -> float:
        """The place that is due at `time_s`."""
        return self.place + (time_s - self.due_s) / self.slope

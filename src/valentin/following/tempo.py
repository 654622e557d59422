"""The player's tempo and phase, smoothed: a Kalman filter over the places reached.

In: places in the score and the seconds at which they were reached, one after another. Out: the
place expected at any second after, and seconds per quarter.

**Conventions.** The state is the time at which the present place was due and the logarithm of the
seconds per quarter. What a player does at one onset is partly an accent of timing, which passes,
and partly a new tempo, which stays; the two variances say in what proportion. Both are relative to
the tempo, so that a constant factor changes nothing.

**Knows nothing of** pitches, jumps.

**Reference.** A. T. Cemgil, B. Kappen, P. Desain, H. Honing, "On tempo tracking: tempogram
representation and Kalman filtering", J. New Music Research 29 (2000). We measure places against the
score, so that no tactus is looked for.
"""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Tempo"]

TIMING_S = 0.02
"""Standard deviation of one onset about the tempo, seconds (hands together, clean playing)."""

PER_QUARTER, MOST_OFF = 0.13, 0.5
"""How far the logarithm of the tempo wanders in a quarter, and the most that one onset says."""

UNKNOWN = 0.5
"""Standard deviation of the logarithm of the tempo before anything was heard."""


@dataclass(frozen=True, slots=True)
class Tempo:
    """The line from (`onset_q`, `due_s`) on; the variances of its two numbers and what they share.

    Relative to `seconds_per_quarter`: `phase` in quarters², `drift` in 1, `both` in quarters.
    """

    onset_q: float
    due_s: float
    seconds_per_quarter: float
    phase: float = 0.0
    drift: float = UNKNOWN**2
    both: float = 0.0

    def reached(self, onset_q: float, time_s: float) -> Tempo:
        """The line after a later place was reached at `time_s`."""
        step_q = onset_q - self.onset_q
        if step_q <= 0:
            return self
        tempo = self.seconds_per_quarter
        drift = self.drift + PER_QUARTER**2 * step_q
        both = self.both + step_q * self.drift
        phase = self.phase + 2 * step_q * self.both + step_q**2 * self.drift
        noise = (TIMING_S / tempo) ** 2
        due_s = self.due_s + step_q * tempo
        off_q = (time_s - due_s) / tempo
        off_q = min(max(off_q, -MOST_OFF * step_q), MOST_OFF * step_q)
        gain, bend = phase / (phase + noise), both / (phase + noise)
        return Tempo(
            onset_q,
            time_s
            if abs(time_s - due_s) > MOST_OFF * step_q * tempo
            else due_s + gain * off_q * tempo,
            tempo * (1 + min(max(bend * off_q, -0.4), 0.7)),
            (1 - gain) * phase,
            max(drift - bend * both, 1e-4),
            (1 - gain) * both,
        )

    def again(self, onset_q: float, time_s: float) -> Tempo:
        """The same tempo from another place: after a jump, a stop, a fermata."""
        return Tempo(onset_q, time_s, self.seconds_per_quarter)

    def seconds(self, onset_q: float) -> float:
        """When a place is due."""
        return self.due_s + (onset_q - self.onset_q) * self.seconds_per_quarter

"""The rules of timing: what happens to the tempo within a beat, and who leads in a chord.

**Conventions.** Timing columns are per group, multiplied by a strength in log2 seconds per quarter
(+ is longer), and lose their mean over the beat: they move onsets, never the beat. Lead columns are
per note, in seconds: + is earlier.

**Knows nothing of** loudness, the strengths.

**Reference.** Friberg, A. et al. (2006), *Overview of the KTH rule system*: duration contrast,
double duration, inégales. Gabrielsson, A. (1987), on dotted rhythms and last notes of groups, in:
Action and Perception in Rhythm and Music. Goebl, W. (2001), *Melody lead in piano performance*,
JASA 110(1): 20–30 ms, most of it an artefact of the velocity. See `docs/concepts/rules.md`.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from valentin.shaping.pacing import (
    bar_place,
    bass_leap,
    boundary,
    last_beat,
    next_wait,
    sparse_bar,
    sparse_beat,
    wait,
)
from valentin.shaping.scene import Scene

__all__ = ["LEAD_RULES", "TIMING_RULES"]

Floats = npt.NDArray[np.float64]
Rule = Callable[[Scene], Floats]


def last_wait(scene: Scene) -> Floats:
    """log2 of the time since the last onset."""
    return np.log2(np.clip(scene.texture.waited_q, 1 / 32, 8.0))


def before_beat(scene: Scene) -> Floats:
    """The next onset is on a beat."""
    return np.asarray(np.append(scene.grid.weight[1:], 4) >= 2, dtype=np.float64)


def before_downbeat(scene: Scene) -> Floats:
    """The next onset is a downbeat."""
    return np.asarray(np.append(scene.grid.weight[1:], 4) == 4, dtype=np.float64)


def on_beat(scene: Scene) -> Floats:
    """On a felt beat."""
    return np.asarray(scene.grid.weight >= 2, dtype=np.float64)


def on_half_beat(scene: Scene) -> Floats:
    """On a beat or the half (third) of one."""
    return np.asarray(scene.grid.weight >= 1, dtype=np.float64)


def before_grace(scene: Scene) -> Floats:
    """Graces come before the next onset."""
    return np.append(np.maximum(scene.per_group(scene.notes.grace.astype(np.float64)), 0)[1:], 0.0)


def rolled(scene: Scene) -> Floats:
    """A rolled chord begins here."""
    return np.maximum(scene.per_group(np.maximum(scene.marks.rolled, scene.marks.rolled_down)), 0.0)


def before_roll(scene: Scene) -> Floats:
    """A rolled chord comes next."""
    return np.append(rolled(scene)[1:], 0.0)


def accented(scene: Scene) -> Floats:
    """An accent or sf here."""
    sign = np.maximum(scene.marks.accent, np.maximum(scene.marks.marcato, scene.dynamics.forced))
    return scene.per_group(sign)


def melody_lead(scene: Scene) -> Floats:
    """Melody notes in company lead (Goebl 2001)."""
    return scene.melody * (scene.texture.count > 1)[scene.notes.group]


def top_lead(scene: Scene) -> Floats:
    """The highest note of a chord leads."""
    high = scene.notes.pitch >= scene.texture.top[scene.notes.group]
    return np.asarray(high & (scene.texture.count > 1)[scene.notes.group], dtype=np.float64)


def bass_lead(scene: Scene) -> Floats:
    """The bass under a new chord comes first."""
    return scene.bass * scene.new_chord[scene.notes.group]


def low_lead(scene: Scene) -> Floats:
    """The lowest note of a wide chord comes first: 1 at two octaves."""
    low = scene.notes.pitch <= scene.texture.bottom[scene.notes.group]
    span = (scene.texture.top - scene.texture.bottom)[scene.notes.group]
    return np.asarray(low * np.clip(span / 24.0, 0.0, 1.5))


def high_lead(scene: Scene) -> Floats:
    """Octaves above the mean pitch of the chord."""
    mean = scene.mean_per_group(scene.notes.pitch.astype(np.float64))
    return np.asarray((scene.notes.pitch - mean[scene.notes.group]) / 12.0)


def wide_stretch(scene: Scene) -> Floats:
    """Notes of one staff's chord wider than a tenth are broken from below: octaves over a tenth."""
    notes = scene.notes
    place = notes.group * 64 + notes.part * 8 + np.clip(notes.staff, 0, 7)
    keys, row = np.unique(place, return_inverse=True)
    low, high = np.full(len(keys), 999.0), np.full(len(keys), -1.0)
    np.minimum.at(low, row, notes.pitch)
    np.maximum.at(high, row, notes.pitch)
    wide = (high - low > 16)[row]
    return np.where(wide, (high[row] - notes.pitch) / 12.0, 0.0)


TIMING_RULES: dict[str, Rule] = {
    "wait": wait, "last_wait": last_wait, "next_wait": next_wait, "sparse_beat": sparse_beat,
    "sparse_bar": sparse_bar, "before_beat": before_beat, "before_downbeat": before_downbeat,
    "on_beat": on_beat, "on_half_beat": on_half_beat, "boundary": boundary,
    "before_grace": before_grace, "rolled": rolled, "before_roll": before_roll,
    "accented": accented, "bass_leap": bass_leap, "bar_place": bar_place, "last_beat": last_beat,
}  # fmt: skip

LEAD_RULES: dict[str, Rule] = {
    "melody_lead": melody_lead, "top_lead": top_lead, "bass_lead": bass_lead,
    "low_lead": low_lead, "high_lead": high_lead, "wide_stretch": wide_stretch,
}  # fmt: skip

"""The rules of tempo: columns per score-onset group, felt over a beat.

**Conventions.** Columns are multiplied by a strength in log2 seconds per quarter: + is slower. A
tempo column is averaged over its beat before it is used: what changes within a beat is timing
(`timing`).

**Knows nothing of** loudness, the strengths.

**Reference.** Friberg, A. (1995), *Matching the rule parameters of phrase arch to performances of
Träumerei*, KTH; Friberg, A. & Sundberg, J. (1999), *Does music performance allude to locomotion?*,
JASA 105(3): final ritard; Todd, N. (1985), *A model of expressive timing in tonal music*, Music
Perception 3(1): slowing at boundaries by their depth; Friberg, A. et al. (2006), *Overview of the
KTH rule system*. See `docs/concepts/rules.md`.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from valentin.music import Mark
from valentin.shaping.scene import Scene

__all__ = ["TEMPO_RULES"]

Floats = npt.NDArray[np.float64]
Rule = Callable[[Scene], Floats]

RITARD_Q = 3.0
"""Exponent of the final ritard: speed as in a runner's stop (Friberg & Sundberg 1999)."""

RITARD_END = 0.45
"""Speed at the last onset as a share of the tempo before: the shape of the curve, not its depth."""

NEAR_BEATS = 1.5
"""Beats over which a boundary is felt coming; the pull falls by e in this time."""

BREATH, CAESURA = 0.25, 0.6
"""Share of a fermata's wait before what follows a breath mark and a caesura: our choice."""


def marked(scene: Scene) -> Floats:
    """log2 of the written seconds per quarter against the piece's middle."""
    slow = np.log2(scene.tempo.seconds_per_quarter)
    return np.asarray(slow - np.median(slow))


def slowing(scene: Scene) -> Floats:
    """How far a written rit. has gone, 0..1."""
    return scene.tempo.slowing


def hurrying(scene: Scene) -> Floats:
    """How far a written accel. has gone, 0..1."""
    return scene.tempo.hurrying


def fermata(scene: Scene) -> Floats:
    """1 while a note with a fermata ends: its last beat, or all of it where it is shorter.

    Over a rest the wait is 1, before a breath mark and a caesura a part of it.
    """
    notes, onsets = scene.notes, scene.notes.onsets_q
    held = np.flatnonzero((scene.marks.fermata > 0) & (notes.duration_q > 0))
    end = notes.onset_q[held] + notes.duration_q[held]
    beat = np.minimum(notes.duration_q[held], scene.grid.beat_q[notes.group[held]])
    first = np.searchsorted(onsets, end - beat + 1e-6, side="right") - 1
    last = np.searchsorted(onsets, end - 1e-6)
    out = np.zeros(len(onsets))
    for a, b in zip(first.tolist(), last.tolist(), strict=True):
        out[a:b] = 1.0
    for mark in scene.score.marks:
        halt = _halt(mark)
        at = int(np.searchsorted(onsets, float(mark.start_q) - 1e-6)) if halt else 0
        struck = at < len(onsets) and abs(onsets[at] - float(mark.start_q)) < 1e-6
        if at and not (mark.kind == "fermata" and struck):
            out[at - 1] = max(out[at - 1], halt)
    return out


def _halt(mark: Mark) -> float:
    """How much of a fermata's wait a sign asks for that stands on no note."""
    if mark.kind == "fermata":
        return 0.0 if mark.note_ids or mark.text == "barline" else 1.0
    if mark.kind == "breath":
        return CAESURA if mark.text == "caesura" else BREATH
    return 0.0


def before_fermata(scene: Scene) -> Floats:
    """The music approaches a fermata."""
    return _before(scene, scene.notes.onsets_q[fermata(scene) > 0])


def before_section(scene: Scene) -> Floats:
    """A new section, key or metre is near."""
    score = scene.score
    places = [x.start_q for x in score.sections[1:]] + [x.start_q for x in score.keys[1:]]
    places += [x.start_q for x in score.metres[1:]]
    return _before(scene, np.array([float(q) for q in places]))


def before_change(scene: Scene) -> Floats:
    """A new written tempo is near."""
    slow = np.log2(scene.tempo.seconds_per_quarter)
    return _before(scene, scene.notes.onsets_q[1:][np.abs(np.diff(slow)) > 0.02])


def _before(scene: Scene, places: Floats) -> Floats:
    """e to the power of minus the beats to the next place, over NEAR_BEATS."""
    onsets = scene.notes.onsets_q
    if len(places) == 0:
        return np.zeros(len(onsets))
    places = np.append(np.unique(places), np.inf)
    left = places[np.searchsorted(places, onsets + 1e-6)] - onsets
    return np.asarray(np.exp(-left / (NEAR_BEATS * scene.grid.beat_q)))


def arch(which: int) -> Rule:
    """Phrase arch: 0 in the middle of a phrase, 1 at its ends (Friberg 1995)."""

    def rule(scene: Scene) -> Floats:
        return np.asarray((2.0 * scene.phrases[which].position - 1.0) ** 2)

    rule.__doc__ = arch.__doc__
    return rule


def slope(which: int) -> Rule:
    """−.5 at the beginning of a phrase, +.5 at its end."""

    def rule(scene: Scene) -> Floats:
        return np.asarray(scene.phrases[which].position - 0.5)

    rule.__doc__ = slope.__doc__
    return rule


def approach(which: int) -> Rule:
    """The end of a phrase is near, as far as the boundary is sure (Todd 1985)."""

    def rule(scene: Scene) -> Floats:
        place = scene.phrases[which]
        left = np.maximum(place.end_q - scene.notes.onsets_q, 0.0)
        return np.asarray(place.strength * np.exp(-left / (NEAR_BEATS * scene.grid.beat_q)))

    rule.__doc__ = approach.__doc__
    return rule


def boundary(scene: Scene) -> Floats:
    """Punctuation: the last group of a phrase, as far as the boundary is sure."""
    place = scene.phrases[-1]
    return np.asarray(place.last * place.strength)


def final_ritard(scene: Scene) -> Floats:
    """log2 of 1/speed over the last two bars: v(x) = (1 + (w^q − 1) x)^(1/q), x from 0 to 1."""
    onsets = scene.notes.onsets_q
    begin = onsets[-1] - 2.0 * scene.grid.bar_q[-1]
    x = np.clip((onsets - begin) / max(onsets[-1] - begin, 1e-6), 0.0, 1.0)
    speed = (1.0 + (RITARD_END**RITARD_Q - 1.0) * x) ** (1.0 / RITARD_Q)
    return np.asarray(-np.log2(speed))


def last_bar(scene: Scene) -> Floats:
    """0 a bar before the last onset, 1 on it."""
    return _to_end(scene, 1.0)


def last_bars(scene: Scene) -> Floats:
    """0 eight bars before the last onset, 1 on it."""
    return _to_end(scene, 8.0)


def _to_end(scene: Scene, bars: float) -> Floats:
    left = scene.notes.onsets_q[-1] - scene.notes.onsets_q
    return np.asarray(np.clip(1.0 - left / (bars * scene.grid.bar_q), 0.0, 1.0))


def opening(scene: Scene) -> Floats:
    """The first bar, fading."""
    since = scene.notes.onsets_q - scene.notes.onsets_q[0]
    return np.asarray(np.clip(1.0 - since / scene.grid.bar_q, 0.0, 1.0))


def sparse_beat(scene: Scene) -> Floats:
    """log2 of the mean time between onsets within a beat of here."""
    return np.log2(scene.local(scene.texture.wait_q, 1.0 / _beats(scene)))


def sparse_bar(scene: Scene) -> Floats:
    """log2 of the mean time between onsets within a bar of here."""
    return np.log2(scene.local(scene.texture.wait_q, 1.0))


def _beats(scene: Scene) -> float:
    """Beats in the bar, the piece's middle."""
    return float(np.median(np.maximum(scene.grid.bar_q / scene.grid.beat_q, 1.0)))


def wait(scene: Scene) -> Floats:
    """log2 of the time to the next onset."""
    return np.log2(np.clip(scene.texture.wait_q, 1 / 32, 8.0))


def next_wait(scene: Scene) -> Floats:
    """log2 of the time between the next onset and the one after it."""
    return np.append(wait(scene)[1:], 0.0)


def tune_length(scene: Scene) -> Floats:
    """log2 of the length of the tune's note: long notes take time."""
    length = scene.notes.duration_q[np.clip(scene.tune, 0, None)]
    return np.log2(np.where(scene.tune >= 0, np.clip(length, 0.1, 8.0), 1.0))


def tune_leap(scene: Scene) -> Floats:
    """Octaves to the tune's next note: leaps take time (Friberg et al. 2006)."""
    pitch = np.where(scene.tune >= 0, scene.notes.pitch[np.clip(scene.tune, 0, None)], 60)
    return np.asarray(np.clip(np.abs(np.append(np.diff(pitch), 0)), 0, 24) / 12.0)


def bass_leap(scene: Scene) -> Floats:
    """Octaves from the lowest note to the next lowest."""
    return np.asarray(np.clip(np.abs(np.append(np.diff(scene.texture.bottom), 0)), 0, 36) / 12.0)


def rest_after(scene: Scene) -> Floats:
    """Quarters of silence before the next onset, at most 2."""
    return scene.texture.rest_q


def high_bar(scene: Scene) -> Floats:
    """Mean height of the highest notes within a bar, in octaves."""
    return scene.local(scene.texture.top, 1.0) / 12.0


def deep_bar(scene: Scene) -> Floats:
    """Mean height of the lowest notes within a bar, in octaves."""
    return scene.local(scene.texture.bottom, 1.0) / 12.0


def thick_beat(scene: Scene) -> Floats:
    """log2 of the mean number of notes struck together within a beat."""
    return np.log2(scene.local(scene.texture.count, 1.0 / _beats(scene)) + 0.5)


def new_texture(scene: Scene) -> Floats:
    """|log2| ratio of the chord sizes in the bar behind and the bar ahead."""
    return np.abs(_turn(scene, np.log2(scene.texture.count + 0.5)))


def thickening(scene: Scene) -> Floats:
    """log2 ratio of the chord sizes, the bar ahead to the bar behind."""
    return _turn(scene, np.log2(scene.texture.count + 0.5))


def new_pace(scene: Scene) -> Floats:
    """|log2| ratio of the times between onsets in the bar behind and the bar ahead."""
    return np.abs(_turn(scene, wait(scene)))


def _turn(scene: Scene, column: Floats) -> Floats:
    ahead = scene.local(column, 1.0, back=False)
    return np.asarray(ahead - scene.local(column, 1.0, ahead=False))


def tension(scene: Scene) -> Floats:
    """Harmonic charge, 0..1, as studied."""
    return scene.tension


def new_chord(scene: Scene) -> Floats:
    """A chord begins."""
    return scene.new_chord


def loud(scene: Scene) -> Floats:
    """Written level in steps: loud is faster."""
    return scene.mean_per_group(scene.dynamics.level)


def growing(scene: Scene) -> Floats:
    """Written crescendo (+) or diminuendo (−), steps a bar."""
    return np.clip(scene.mean_per_group(scene.dynamics.slope) * scene.grid.bar_q, -3.0, 3.0)


def detached(scene: Scene) -> Floats:
    """Share of staccato groups within a bar."""
    return scene.local(scene.per_group(scene.marks.staccato), 1.0)


def ornate(scene: Scene) -> Floats:
    """Graces, signs and rolls take time."""
    sign = np.array([n.ornament is not None for n in scene.score.notes], dtype=np.float64)
    return scene.per_group(np.maximum(sign, np.maximum(scene.notes.grace, scene.marks.rolled)))


def downbeat(scene: Scene) -> Floats:
    """On the first beat of a bar."""
    return np.asarray(scene.grid.weight == 4, dtype=np.float64)


def bar_place(scene: Scene) -> Floats:
    """Place in the bar, 0..1."""
    return scene.grid.place_q / scene.grid.bar_q


def last_beat(scene: Scene) -> Floats:
    """In the last beat of the bar."""
    left = scene.grid.bar_q - scene.grid.place_q
    return np.asarray(left <= scene.grid.beat_q + 1e-6, dtype=np.float64)


def place(scene: Scene) -> Floats:
    """Place in the piece, 0..1."""
    return np.linspace(0.0, 1.0, len(scene.notes.onsets_q))


TEMPO_RULES: dict[str, Rule] = {
    "marked": marked, "slowing": slowing, "hurrying": hurrying, "fermata": fermata,
    "before_fermata": before_fermata, "before_section": before_section,
    "before_change": before_change, "arch_0": arch(0), "arch_1": arch(1), "arch_2": arch(2),
    "slope_0": slope(0), "slope_1": slope(1), "approach_0": approach(0),
    "approach_1": approach(1), "approach_2": approach(2), "boundary": boundary,
    "final_ritard": final_ritard, "last_bar": last_bar, "last_bars": last_bars,
    "opening": opening, "sparse_beat": sparse_beat, "sparse_bar": sparse_bar, "wait": wait,
    "next_wait": next_wait, "tune_length": tune_length, "tune_leap": tune_leap,
    "bass_leap": bass_leap, "rest_after": rest_after, "high_bar": high_bar, "deep_bar": deep_bar,
    "thick_beat": thick_beat, "new_texture": new_texture, "thickening": thickening,
    "new_pace": new_pace, "tension": tension, "new_chord": new_chord, "loud": loud,
    "growing": growing, "detached": detached, "ornate": ornate, "downbeat": downbeat,
    "bar_place": bar_place, "last_beat": last_beat, "place": place,
}  # fmt: skip
"""Name → column; the name is the key of its strength."""

"""The rules of loudness: each a column per note, to be multiplied by its strength in velocity.

**Conventions.** A column of 1 means "the rule applies in full"; its strength (`strengths`) is in
MIDI velocity. Arcs change over bars, accents from note to note: inside a hairpin the arcs must not
go against it (`obeyed`).

**Knows nothing of** tempo, touch, the strengths.

**Reference.** Friberg, A., Bresin, R. & Sundberg, J. (2006), *Overview of the KTH rule system for
musical performance*, Advances in Cognitive Psychology 2(2–3): high-loud, phrase arch, melodic and
harmonic charge, metrical accents. Melody above the rest: Goebl, W. (2001), *Melody lead in piano
performance*, JASA 110(1). See `docs/concepts/rules.md` for each formula.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from valentin.shaping.scene import Scene

__all__ = ["LOUDNESS_ACCENTS", "LOUDNESS_ARCS"]

Floats = npt.NDArray[np.float64]
Rule = Callable[[Scene], Floats]

CHARGE = np.array([0.0, 6.5, 2.0, 4.5, 4.0, 2.5, 6.0, 1.0, 5.5, 3.0, 3.5, 5.0])
"""Melodic charge by semitones above the root (Sundberg, Friberg & Frydén 1991)."""

MIDDLE_C = 60


def _of_notes(column: Callable[[Scene], Floats]) -> Rule:
    """A column per group, given to all notes of the group."""

    def rule(scene: Scene) -> Floats:
        return np.asarray(column(scene)[scene.notes.group])

    rule.__doc__ = column.__doc__
    return rule


def level(scene: Scene) -> Floats:
    """The written dynamics in steps, up to one step from the middle in full."""
    return np.clip(scene.dynamics.level, -1.0, 1.0)


def beyond(scene: Scene) -> Floats:
    """Steps beyond f or p, signed: ff and pp differ less from f and p than f and p do."""
    return scene.dynamics.level - level(scene)


def forced(scene: Scene) -> Floats:
    """sf, fz, fp and the like, and marcato."""
    return np.maximum(scene.dynamics.forced, scene.marks.marcato)


def accent(scene: Scene) -> Floats:
    """Accent signs."""
    return np.maximum(scene.marks.accent, scene.marks.stress)


def staccato(scene: Scene) -> Floats:
    """Staccato dots: detached notes are struck a little louder."""
    return np.maximum(scene.marks.staccato, scene.marks.staccatissimo)


def tenuto(scene: Scene) -> Floats:
    """Tenuto lines: a little weight."""
    return scene.marks.tenuto


def melody(scene: Scene) -> Floats:
    """The melody comes out."""
    return scene.melody


def bass(scene: Scene) -> Floats:
    """The bass."""
    return scene.bass


def highest(scene: Scene) -> Floats:
    """The highest note that begins, of all staves."""
    return np.asarray(scene.notes.pitch >= scene.texture.top[scene.notes.group], dtype=np.float64)


def top(scene: Scene) -> Floats:
    """The highest of its staff's chord, where that has more than one note."""
    return _edge(scene, 1)


def bottom(scene: Scene) -> Floats:
    """The lowest of its staff's chord, where that has more than one note."""
    return _edge(scene, -1)


def _edge(scene: Scene, sign: int) -> Floats:
    notes = scene.notes
    place = notes.group * 64 + notes.part * 8 + np.clip(notes.staff, 0, 7)
    keys, row = np.unique(place, return_inverse=True)
    best = np.full(len(keys), -999)
    np.maximum.at(best, row, sign * notes.pitch)
    count = np.bincount(row)
    return np.asarray((sign * notes.pitch == best[row]) & (count[row] > 1), dtype=np.float64)


def upper_staff(scene: Scene) -> Floats:
    """The right hand's staff."""
    return np.asarray(scene.notes.staff == scene.notes.staff.min(), dtype=np.float64)


def first_voice(scene: Scene) -> Floats:
    """The first notated voice of a staff."""
    return np.asarray(scene.notes.voice == 1, dtype=np.float64)


def room_above(scene: Scene) -> Floats:
    """Octaves to the next higher note of the chord, 0 for the highest, at most 2."""
    notes = scene.notes
    order = np.lexsort((notes.pitch, notes.group))
    gap = np.zeros(len(order))
    together = notes.group[order][1:] == notes.group[order][:-1]
    gap[order[:-1]] = np.where(together, np.diff(notes.pitch[order]), 0)
    return np.clip(gap, 0, 24) / 12.0


def company(scene: Scene) -> Floats:
    """log2 of the notes that begin together: each of many is softer."""
    return np.log2(np.maximum(scene.texture.count, 1.0))[scene.notes.group]


def high_loud(scene: Scene) -> Floats:
    """High-loud: octaves above middle C (Friberg 1991)."""
    return np.asarray((scene.notes.pitch - MIDDLE_C) / 12.0)


def deep(scene: Scene) -> Floats:
    """Octaves below middle C, at most 2: the bass does not fade as high-loud would have it."""
    return np.clip((MIDDLE_C - scene.notes.pitch) / 12.0, 0.0, 2.0)


def repetition(scene: Scene) -> Floats:
    """Share of repeated notes in the line around: repeated chords accompany."""
    return scene.lines.repetition


def steps(scene: Scene) -> Floats:
    """Share of steps in the line around: stepwise lines sing."""
    return scene.lines.steps


def variety(scene: Scene) -> Floats:
    """Variety of the line's rhythm around: even figuration accompanies."""
    return scene.lines.variety


def length(scene: Scene) -> Floats:
    """Duration contrast: log2 of the written length in quarters, from an eighth to a whole note."""
    return np.log2(np.clip(scene.notes.duration_q, 0.125, 4.0))


def very_short(scene: Scene) -> Floats:
    """log2 by which a note is shorter than a thirty-second."""
    return np.clip(-3.0 - np.log2(np.maximum(scene.notes.duration_q, 1 / 16)), 0.0, 1.0)


def wait(scene: Scene) -> Floats:
    """log2 of the time to the next onset."""
    return np.log2(np.clip(scene.texture.wait_q, 1 / 16, 8.0))


def waited(scene: Scene) -> Floats:
    """log2 of the time since the last onset."""
    return np.log2(np.clip(scene.texture.waited_q, 1 / 16, 8.0))


def on_beat(scene: Scene) -> Floats:
    """On a felt beat."""
    return np.asarray(scene.grid.weight >= 2, dtype=np.float64)


def on_half_beat(scene: Scene) -> Floats:
    """On a beat or the half (third) of one."""
    return np.asarray(scene.grid.weight >= 1, dtype=np.float64)


def downbeat(scene: Scene) -> Floats:
    """On the first beat of a bar."""
    return np.asarray(scene.grid.weight == 4, dtype=np.float64)


def charge(scene: Scene) -> Floats:
    """Melodic charge, 0..1, of melody notes over a known root (Sundberg et al. 1991)."""
    root = scene.root[scene.notes.group]
    distance = CHARGE[(scene.notes.pitch - root) % 12] / 6.5
    return np.where(root >= 0, distance * scene.melody, 0.0)


def slur_end(scene: Scene) -> Floats:
    """The last note of a slur."""
    return scene.marks.slur_end * (1.0 - scene.marks.slur_start)


def grace(scene: Scene) -> Floats:
    """Grace notes."""
    return scene.notes.grace.astype(np.float64)


def falling(scene: Scene) -> Floats:
    """Octaves by which the highest note falls next: peaks come out."""
    following = np.append(scene.texture.top[1:], scene.texture.top[-1])
    return np.asarray(np.clip(scene.texture.top - following, -12, 12) / 12.0)


def span(scene: Scene) -> Floats:
    """log2 of the semitones between the outer notes of the chord."""
    return np.log2(1.0 + scene.texture.top - scene.texture.bottom)


def arch(which: int) -> Rule:
    """Phrase arch: 1 in the middle of a phrase, 0 at its ends (Friberg 1995)."""

    def rule(scene: Scene) -> Floats:
        return 1.0 - (2.0 * scene.phrases[which].position - 1.0) ** 2

    rule.__doc__ = arch.__doc__
    return _of_notes(rule)


def slope(which: int) -> Rule:
    """−.5 at the beginning of a phrase, +.5 at its end."""

    def rule(scene: Scene) -> Floats:
        return scene.phrases[which].position - 0.5

    rule.__doc__ = slope.__doc__
    return _of_notes(rule)


def contour(scene: Scene) -> Floats:
    """Octaves of the tune above its mean over three bars."""
    tune = scene.tune
    pitch = np.where(tune >= 0, scene.notes.pitch[np.clip(tune, 0, None)], MIDDLE_C)
    pitch = pitch.astype(np.float64)
    return (pitch - scene.local(pitch, 1.5)) / 12.0


def high_around(scene: Scene) -> Floats:
    """Mean height of the highest notes over two bars, in octaves."""
    return scene.local(scene.texture.top, 1.0) / 12.0


def deep_around(scene: Scene) -> Floats:
    """Mean height of the lowest notes over two bars, in octaves."""
    return scene.local(scene.texture.bottom, 1.0) / 12.0


def thick_around(scene: Scene) -> Floats:
    """log2 of the mean number of notes struck together over two bars."""
    return np.log2(np.maximum(scene.local(scene.texture.count, 1.0), 0.5))


def sparse_around(scene: Scene) -> Floats:
    """log2 of the mean time between onsets over two bars."""
    return np.log2(scene.local(scene.texture.wait_q, 1.0))


def sparse_far(scene: Scene) -> Floats:
    """log2 of the mean time between onsets over eight bars."""
    return np.log2(scene.local(scene.texture.wait_q, 4.0))


def thinning(scene: Scene) -> Floats:
    """log2 ratio of the time between onsets, the bar ahead to the bar behind."""
    ahead = scene.local(scene.texture.wait_q, 1.0, back=False)
    return np.log2(ahead / scene.local(scene.texture.wait_q, 1.0, ahead=False))


def slow(scene: Scene) -> Floats:
    """log2 of the marked seconds per quarter."""
    return np.log2(scene.tempo.seconds_per_quarter)


def place(scene: Scene) -> Floats:
    """Place in the piece, 0..1."""
    return np.linspace(0.0, 1.0, len(scene.notes.onsets_q))


def tension(scene: Scene) -> Floats:
    """Harmonic charge, 0..1, as studied."""
    return scene.tension


def una_corda(scene: Scene) -> Floats:
    """1 while the soft pedal is asked for."""
    out = np.zeros(len(scene.notes.onsets_q))
    for mark in sorted(scene.score.marks, key=lambda m: m.start_q):
        if mark.kind == "una-corda":
            at = int(np.searchsorted(scene.notes.onsets_q, float(mark.start_q) - 1e-6))
            out[at:] = float(mark.text == "una corda")
    return out


LOUDNESS_ARCS: dict[str, Rule] = {
    "level": level, "beyond": beyond, "arch_0": arch(0), "arch_1": arch(1), "arch_2": arch(2),
    "slope_0": slope(0), "slope_1": slope(1), "contour": _of_notes(contour),
    "high_around": _of_notes(high_around), "deep_around": _of_notes(deep_around),
    "thick_around": _of_notes(thick_around), "sparse_around": _of_notes(sparse_around),
    "sparse_far": _of_notes(sparse_far), "thinning": _of_notes(thinning), "slow": _of_notes(slow),
    "place": _of_notes(place), "una_corda": _of_notes(una_corda),
}  # fmt: skip
"""Rules that change over bars. Name → column; the name is the key of its strength."""

LOUDNESS_ACCENTS: dict[str, Rule] = {
    "forced": forced, "accent": accent, "staccato": staccato, "tenuto": tenuto, "melody": melody,
    "bass": bass, "highest": highest, "top": top, "bottom": bottom, "upper_staff": upper_staff,
    "first_voice": first_voice, "room_above": room_above, "company": company,
    "high_loud": high_loud, "deep": deep, "repetition": repetition, "steps": steps,
    "variety": variety, "length": length, "very_short": very_short, "wait": _of_notes(wait),
    "waited": _of_notes(waited), "on_beat": _of_notes(on_beat),
    "on_half_beat": _of_notes(on_half_beat), "downbeat": _of_notes(downbeat), "charge": charge,
    "slur_end": slur_end, "grace": grace, "falling": _of_notes(falling), "span": _of_notes(span),
    "tension": _of_notes(tension),
}  # fmt: skip
"""Rules that change from note to note."""

"""Where the feet go: written pedal marks, or the harmony → planned pedal.

In: a score; for the harmony, its scene and tempo. Out: pedal places in score time.

**Conventions.** Values 0..127, 127 down. Legato pedalling: up just after the new harmony has begun,
down again a moment later, so that the new bass is caught and the old one is not. Written pedal
rules where it stands; where marks cover little of a piece the rest is pedalled by harmony.

**Knows nothing of** instruments.

**Reference.** Banowetz, J. (1985), *The Pianist's Guide to Pedaling*, Indiana UP, ch. 2–3. Repp, B.
(1996), *Pedal timing and tempo in expressive piano performance*, Psychology of Music 24(2). Times
and depths: medians of the robust train takes.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence

import numpy as np
import numpy.typing as npt

from valentin.music import Mark, NoteColumns, PlannedPedal, Score, Structure, TempoCurve
from valentin.shaping.draft import Draft
from valentin.shaping.graces import on_the_beat
from valentin.shaping.scene import Scene, scene_of

__all__ = ["harmonic_pedal", "pedalled", "written_pedal"]

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
_Held = tuple[float, float, int]  # down and up in quarters, depth

CHANGE_Q = 0.06
"""Quarters for which a written change of pedal lifts it in the plain reading."""

LIFT_S, CATCH_S = 0.02, 0.11
"""Seconds after an onset at which the old pedal comes up and the new one is down: medians .02 (80 %
from −.03 to .08) and .11 (.07 in Chopin, .15 in Schumann)."""

FULL, HALF = 127, 64
"""Depths of the written marks."""

LIFTING = ("up", "without", "free")
"""Marks after which no written pedal is down."""

DEPTH = 112
"""Depth of a pedal that the harmony asks for: the median from Beethoven on is 105–127."""

CLASSICAL_DEPTH = 96
"""Depth in Haydn and Mozart, whose medians are 95 and 105 with the pedal down half the time."""

CLASSICAL_HELD = 0.6
"""Share of a harmony for which a classical pedal is held (down .47 of the time in all)."""

NO_PEDAL = ("bach", "handel", "haendel", "scarlatti", "couperin", "rameau", "purcell", "telemann")
"""Composers whose music is played without pedal."""

LITTLE = 0.25
"""Share of a piece that written pedals must cover to be the whole truth about its pedal."""

SHORT_S = 0.3
"""Seconds under which a harmony gets no pedal change of its own."""

SILENCE_S = 0.2
"""Seconds of rest in all voices from which the pedal comes up."""


def written_pedal(score: Score) -> tuple[PlannedPedal, ...]:
    """The pedal marks of a score, as they stand."""
    events: list[PlannedPedal] = []
    for mark in score.marks:
        at = float(mark.start_q)
        if mark.kind == "pedal" and mark.text == "change":
            events.append(PlannedPedal(at, "sustain", 0))
            events.append(PlannedPedal(at + CHANGE_Q, "sustain", FULL))
        elif mark.kind == "pedal":
            events.append(PlannedPedal(at, "sustain", _depth(mark)))
        elif mark.kind == "una-corda":
            events.append(PlannedPedal(at, "soft", FULL if mark.text == "una corda" else 0))
        elif mark.kind == "sostenuto":
            at += CHANGE_Q if mark.text == "down" else 0.0  # the keys first, then the pedal
            events.append(PlannedPedal(at, "sostenuto", FULL if mark.text == "down" else 0))
    return tuple(sorted(events, key=lambda e: (e.onset_q, e.value)))


def _depth(mark: Mark) -> int:
    return {"down": FULL, "half": HALF, "change": FULL}.get(mark.text, 0)


def pedalled(scene: Scene, draft: Draft) -> tuple[PlannedPedal, ...]:
    """Pedal from the marks, timed as feet do; from the harmony where there are few or none."""
    curve = TempoCurve(scene.notes.onsets_q, draft.seconds_per_quarter)
    marks = sorted((m for m in scene.score.marks if m.kind == "pedal"), key=lambda m: m.start_q)
    soft = [e for e in written_pedal(scene.score) if e.control != "sustain"]
    spans = _spans(marks, float(scene.score.end_q))
    events = [*soft, *_timed(marks, curve)]
    covered = sum(b - a for a, b in spans)
    spans = sorted([*spans, *_forbidden(marks, float(scene.score.end_q))])
    early = any(name in scene.score.composer.lower() for name in NO_PEDAL)
    if not early and covered < LITTLE * float(scene.score.end_q):
        for down_q, up_q, depth in _outside(spans, _by_harmony(scene, curve)):
            events.append(PlannedPedal(down_q, "sustain", depth))
            events.append(PlannedPedal(up_q, "sustain", 0))
    return tuple(sorted(events, key=lambda e: (e.onset_q, e.value)))


def harmonic_pedal(
    score: Score, structure: Structure, notes: NoteColumns, draft: Draft
) -> tuple[PlannedPedal, ...]:
    """The same for a performer that has no scene of its own."""
    return pedalled(scene_of(score, structure), draft) if len(notes.pitch) else ()


def _spans(marks: Sequence[Mark], end_q: float) -> list[tuple[float, float]]:
    """Score time under written pedals."""
    spans: list[tuple[float, float]] = []
    since: float | None = None
    for mark in marks:
        if mark.text in LIFTING and since is not None:
            spans.append((since, float(mark.start_q)))
            since = None
        elif mark.text not in LIFTING and since is None:
            since = float(mark.start_q)
    return [*spans, (since, end_q)] if since is not None else spans


def _forbidden(marks: Sequence[Mark], end_q: float) -> Iterator[tuple[float, float]]:
    """Score time under "senza pedale": until anything else is said of the pedal."""
    for mark, after in zip(marks, [*marks[1:], None], strict=False):
        if mark.text == "without":
            yield float(mark.start_q), float(after.start_q) if after else end_q


def _timed(marks: Sequence[Mark], curve: TempoCurve) -> Iterator[PlannedPedal]:
    """Written pedals, up just after their place and down a moment later."""
    down = False
    for mark in marks:
        at_s = float(curve.seconds(float(mark.start_q)))
        up_q, down_q = curve.quarters([at_s + LIFT_S, at_s + CATCH_S])
        if mark.text == "up" or down:
            yield PlannedPedal(float(up_q), "sustain", 0)
        down = mark.text not in LIFTING
        if down:
            yield PlannedPedal(float(down_q), "sustain", _depth(mark))


def _outside(spans: Sequence[tuple[float, float]], held: Iterable[_Held]) -> Iterator[_Held]:
    """Those pedals that begin outside the spans, taken up where a span begins."""
    starts = [a for a, _ in spans]
    for down_q, up_q, depth in held:
        i = bisect_right(starts, down_q)
        if i and down_q <= spans[i - 1][1]:
            continue
        yield down_q, min([up_q, *starts[i : i + 1]]), depth


def _by_harmony(scene: Scene, curve: TempoCurve) -> Iterator[_Held]:
    """A pedal for each harmony, each new bass on a beat and each bass on a downbeat; none where all
    is detached."""
    groups = np.flatnonzero(_changes(scene))
    starts_s = curve.seconds(scene.notes.onsets_q[groups])
    ends_s = np.append(starts_s[1:], float(curve.seconds(float(scene.score.end_q))))
    quiet_s = _silences(scene, curve)
    dry = _dry(scene)
    classical = on_the_beat(scene.score.composer)
    depth = CLASSICAL_DEPTH if classical else DEPTH
    last_s = -np.inf
    for group, start, end in zip(groups.tolist(), starts_s.tolist(), ends_s.tolist(), strict=True):
        if start - last_s < SHORT_S or end - start < CATCH_S + 0.05 or dry[group]:
            continue
        last_s = start
        up = start + CLASSICAL_HELD * (end - start) if classical else end + LIFT_S
        rests = quiet_s[(quiet_s > start + CATCH_S) & (quiet_s < up)]
        up = max(min([up, *rests.tolist()]), start + CATCH_S + 0.05)
        down_q, up_q = curve.quarters([start + CATCH_S, up])
        yield float(down_q), float(up_q), depth


def _changes(scene: Scene) -> Bools:
    """Groups that ask for a new pedal: melodies blur, so none outlasts a bar with a new bass."""
    lowest = np.where(scene.notes.pitch <= scene.texture.bottom[scene.notes.group], scene.bass, 0.0)
    bass = scene.per_group(lowest) > 0
    moved = np.zeros(len(bass), dtype=np.bool_)
    at = np.flatnonzero(bass)
    moved[at] = np.diff(scene.texture.bottom[at] % 12, prepend=-1) != 0
    again = bass & (scene.grid.weight == 4)
    return np.asarray((scene.new_chord > 0) | again | (moved & (scene.grid.weight >= 2)))


def _silences(scene: Scene, curve: TempoCurve) -> Floats:
    """Seconds at which a rest in all voices begins."""
    end_q = scene.notes.onsets_q + scene.texture.wait_q
    begin_q = end_q - scene.texture.rest_q
    begin_s, end_s = curve.seconds(begin_q), curve.seconds(end_q)
    return np.asarray(begin_s[end_s - begin_s > SILENCE_S])


def _dry(scene: Scene) -> Bools:
    """Groups in which every note is staccato."""
    held = 1.0 - np.maximum(scene.marks.staccato, scene.marks.staccatissimo)
    return np.asarray(scene.per_group(held * ~scene.notes.grace) <= 0)

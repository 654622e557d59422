"""The learned interpreter: Score + Structure → Plan as fine pianists would have it, and the Spread.

In: an unfolded score and its structure. Out: a Plan whose arcs, timing, voicing and touch are the
centre of what pianists do, with a pianist's variance; and how widely they range around it.

**Conventions.** See `music.plan`. Every written mark is obeyed: the model plays the score with and
without its marks, and what the marks change is at least a share of what the rules make of them.
The level of the whole, trills and their like and pedal are the rules'; so is its speed where a
metronome mark gives it. With an `rng` the
style drifts as between two pianists, coherent over phrases; without, the centre is played.

**Knows nothing of** how the model was trained, MIDI, audio.

**Reference.** `docs/concepts/interpreter.md`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from valentin.music import Plan, Score, Spread, SpreadBand, Structure
from valentin.shaping.characters import CHARACTERS, Character
from valentin.shaping.draft import Draft, planned
from valentin.shaping.interpreter_features import View, view_of
from valentin.shaping.interpreter_figures import figure_table, in_figures
from valentin.shaping.interpreter_marks import Versions, emphasised, obeyed, stepped, swelled, timed
from valentin.shaping.interpreter_model import HEADS, Model, stored_model
from valentin.shaping.interpreter_placing import of_unisons, placed
from valentin.shaping.interpreter_scene import Sight, sight_of
from valentin.shaping.interpreter_timing import group_tempo
from valentin.shaping.interpreter_whole import marked_speed, whole_columns
from valentin.shaping.ornaments import realise
from valentin.shaping.pedalling import harmonic_pedal
from valentin.shaping.releasing import released
from valentin.shaping.rules import plan_rules

__all__ = ["plan_interpreted", "spread_interpreted"]

Floats = npt.NDArray[np.float64]

MARKS = {"dynamic", "hairpin", "slur", "articulation", "fermata", "breath", "tempo", "words",
         "playback-tempo"}  # fmt: skip
"""Marks that the model sees; pedal, una corda, rolls are left to the rules."""

SOFTEST, LOUDEST = 20.0, 108.0
"""MIDI velocities between which a rendition stays."""

HELD_RANGE = (0.05, 3.0)
"""Least and greatest articulation."""

SLOWEST = 3.0
"""log2 of seconds per quarter over the piece's median at which no onset is slower: eight times, a
long fermata. Where cadenzas stand under one, the trees may ask for twenty-five times."""

STYLE_BARS = 4.0
"""Bars over which a seed's style drifts: a phrase."""

STYLE = (0.9, 0.35)
"""SD of a seed's drift and of its single notes, in mean human distances (`WIDTHS`)."""

SOURCE = "human takes of ASAP, predicted note by note"


@dataclass(frozen=True, slots=True)
class _Wanted:
    """Columns: velocity and log2 articulation a note, asynchrony, log2 tempo a group."""

    velocity: Floats
    touch: Floats
    asynchrony: Floats
    tempo: Floats


def plan_interpreted(
    score: Score,
    structure: Structure,
    rng: np.random.Generator | None = None,
    character: str | None = None,
    model: Model | None = None,
) -> Plan:
    """How fine pianists would play a score; `rng` draws one coherent style of playing it.

    Without a `model` the stored one plays. Raises ValueError for a character that is not one of
    CHARACTERS.
    """
    if character is not None and character not in CHARACTERS:
        raise ValueError(f"character must be one of {', '.join(CHARACTERS)}, got {character!r}")
    if not score.notes:
        return Plan((), (), ())
    model = model or stored_model()
    sight = sight_of(score, structure)
    view = view_of(sight, structure)
    qualities = model.whole.tell(whole_columns(sight))
    wanted = _obedient(model, sight, structure, view, qualities)
    if not marked_speed(sight):
        wanted = _paced(wanted, sight, qualities["pace"])
    if character is not None:
        wanted = _in_character(wanted, sight, CHARACTERS[character])
    if rng is not None:
        wanted = _in_style(wanted, sight, model.spread(view), rng)
    draft = realise(score, sight.notes, _draft(sight, wanted), _figures(model, sight, view))
    draft = released(sight.notes, draft)
    return planned(score, sight.notes, draft, harmonic_pedal(score, structure, sight.notes, draft))


def spread_interpreted(
    score: Score, structure: Structure, plan: Plan, model: Model | None = None
) -> Spread:
    """How widely fine pianists range around a plan of this score, note by note.

    Raises ValueError where the plan does not shape every note of the score.
    """
    if len(plan.shapes) != len(score.notes):
        raise ValueError(f"the plan has {len(plan.shapes)} shapes for {len(score.notes)} notes")
    if not score.notes:
        return Spread((), (), (), (), SOURCE)
    model = model or stored_model()
    sight = sight_of(score, structure)
    vel, art, asyn, tempo = model.spread(view_of(sight, structure))
    places = np.array([float(q) for q in plan.onsets_q])
    tempo = np.interp(places, sight.notes.onsets_q, tempo)
    speed = np.log2(np.array(plan.seconds_per_quarter))
    low, high = model.edges.T
    held = np.log2(np.maximum([s.articulation for s in plan.shapes], HELD_RANGE[0]))
    centre = np.array([float(s.velocity) for s in plan.shapes])
    lead = np.array([s.lead_s for s in plan.shapes])
    ratio = speed - float(np.median(speed))
    return Spread(
        _bands(*(2.0 ** (ratio + tempo * edge) for edge in (low[3], 0.0, high[3]))),
        _bands(*(np.clip(centre + vel * edge, 1, 127) for edge in (low[0], 0.0, high[0]))),
        _bands(lead - asyn * high[2], lead, lead - asyn * low[2]),
        _bands(*(2.0 ** (held + art * edge) for edge in (low[1], 0.0, high[1]))),
        SOURCE,
    )


def _bands(low: Floats, centre: Floats, high: Floats) -> tuple[SpreadBand, ...]:
    rows = zip(low.tolist(), centre.tolist(), high.tolist(), strict=True)
    return tuple(SpreadBand(*row) for row in rows)


def _wanted(model: Model, sight: Sight, view: View, qualities: dict[str, float]) -> _Wanted:
    """What the model says, with a pianist's variance."""
    onsets = sight.notes.onsets_q
    beat = np.searchsorted(view.beats_q, onsets + 1e-6, side="right") - 1
    beat = np.clip(beat, 0, len(view.beats_q) - 1)
    reading = model.scaled(model.read(view, sight.notes.group, beat), qualities)
    vel, art, asyn, by_beat, rest = (getattr(reading, head) for head in HEADS)
    by_group = group_tempo(onsets, view.beats_q, beat, by_beat, rest)
    # Touch is told against the beat; the plan counts it against the note's own time.
    local = by_beat[beat] - by_group
    touch = qualities["touch"] + art + local[sight.notes.group]
    return _Wanted(vel, touch, asyn, by_group)


def _paced(wanted: _Wanted, sight: Sight, pace: float) -> _Wanted:
    """At a speed of the whole, `pace` in log2 of mean seconds per quarter.

    Where a rit. or accel. is written the speed does not count: it must not hurry the rest.
    """
    steady = (sight.tempo.slowing <= 0) & (sight.tempo.hurrying <= 0)
    share = sight.wait_q * steady if steady.any() else sight.wait_q
    share = share / float(np.sum(share))
    now = float(np.log2(np.sum(2.0**wanted.tempo * share)))
    return replace(wanted, tempo=wanted.tempo + pace - now)


def _obedient(
    model: Model, sight: Sight, structure: Structure, view: View, qualities: dict[str, float]
) -> _Wanted:
    """What the model wants, changed where the marks ask for more than it gives."""
    score, wanted = sight.score, _wanted(model, sight, view, qualities)
    bare = replace(score, marks=tuple(m for m in score.marks if m.kind not in MARKS))
    rules = _of_plan(plan_rules(score, structure))
    if len(bare.marks) == len(score.marks):
        return _based(wanted, rules)
    plain = sight_of(bare, structure)
    rules_plain = _of_plan(plan_rules(bare, structure))
    unmarked = _wanted(model, plain, view_of(plain, structure), qualities)
    without = _based(unmarked, rules_plain)
    four = _based(wanted, rules), without, rules, rules_plain
    velocity, touch, tempo = (
        Versions(*(getattr(one, name) for one in four)) for name in ("velocity", "touch", "tempo")
    )
    loud = emphasised(velocity, swelled(velocity, stepped(velocity, sight), sight), sight)
    slow = timed(tempo, sight, plain)
    return replace(four[0], velocity=loud, touch=obeyed(touch), tempo=slow)


def _of_plan(plan: Plan) -> _Wanted:
    return _Wanted(
        np.array([float(s.velocity) for s in plan.shapes]),
        np.log2(np.maximum([s.articulation for s in plan.shapes], HELD_RANGE[0])),
        np.zeros(len(plan.shapes)),
        np.log2(np.array(plan.seconds_per_quarter)),
    )


def _based(wanted: _Wanted, rules: _Wanted) -> _Wanted:
    """On the rules' level and speed."""
    return replace(
        wanted,
        velocity=wanted.velocity + float(np.mean(rules.velocity)),
        tempo=wanted.tempo + float(np.median(rules.tempo)),
    )


def _in_character(wanted: _Wanted, sight: Sight, way: Character) -> _Wanted:
    """The same, bent: what is marked keeps its speed against the rest."""
    marked = np.log2(sight.tempo.seconds_per_quarter)
    arcs = wanted.tempo - marked
    centre, level = float(np.median(arcs)), float(np.mean(wanted.velocity))
    return _Wanted(
        level + way.contrast * (wanted.velocity - level) + way.velocity + way.melody * sight.melody,
        wanted.touch + way.touch,
        wanted.asynchrony * way.lead,
        marked + centre + way.rubato * (arcs - centre) + way.speed,
    )


def _in_style(
    wanted: _Wanted, sight: Sight, widths: tuple[Floats, ...], rng: np.random.Generator
) -> _Wanted:
    """One pianist's way: drifts over phrases, and a hand's own unevenness."""
    vel, art, asyn, tempo = widths
    drift, single = STYLE
    group = sight.notes.group
    smooth = [_drift(sight, rng) for _ in range(4)]

    def moved(column: Floats, width: Floats, by: Floats) -> Floats:
        alone = rng.standard_normal(len(column))
        return np.asarray(column + width * (drift * by + single * alone))

    return _Wanted(
        moved(wanted.velocity, vel, smooth[0][group]),
        moved(wanted.touch, art, smooth[1][group]),
        moved(wanted.asynchrony, asyn, (smooth[2][group]) * sight.melody),
        moved(wanted.tempo, tempo * 0.5, smooth[3]),
    )


def _drift(sight: Sight, rng: np.random.Generator) -> Floats:
    """A smooth random line of mean 0 and SD 1 over the groups."""
    bars = (sight.notes.onsets_q - sight.notes.onsets_q[0]) / sight.grid.bar_q
    knots = np.arange(0.0, float(np.max(bars)) + 2 * STYLE_BARS, STYLE_BARS / 2)
    line = np.interp(bars, knots, rng.standard_normal(len(knots)))
    return np.asarray((line - np.mean(line)) / max(float(np.std(line)), 0.3))


def _figures(model: Model, sight: Sight, view: View) -> Callable[[Draft], Draft] | None:
    """What places graces and rolls in a draft, None where there are none."""
    concerned = in_figures(sight)
    if not concerned.any():
        return None
    late = np.zeros(len(concerned))
    late[concerned] = model.late(figure_table(sight, view)[concerned])
    return lambda draft: placed(sight.score, sight.notes, draft, late, concerned)


def _draft(sight: Sight, wanted: _Wanted) -> Draft:
    notes = sight.notes
    count = np.bincount(notes.group[~notes.grace], minlength=len(notes.onsets_q))
    late = np.where(notes.grace, 0.0, wanted.asynchrony)
    mean = np.bincount(notes.group, late, len(notes.onsets_q)) / np.maximum(count, 1)
    lead = np.where(notes.grace, 0.0, mean[notes.group] - late)
    lead = np.where(notes.grace, 0.0, of_unisons(notes, lead))
    return Draft(
        velocity=_softened(wanted.velocity),
        lead_s=np.where(count[notes.group] > 1, lead, 0.0),
        articulation=np.clip(2.0**wanted.touch, *HELD_RANGE),
        seconds_per_quarter=2.0 ** np.minimum(wanted.tempo, np.median(wanted.tempo) + SLOWEST),
    )


def _softened(velocity: Floats) -> Floats:
    """Into the range, in order: what comes near a bound approaches it without reaching it."""
    centre, half = (LOUDEST + SOFTEST) / 2, (LOUDEST - SOFTEST) / 2
    x = (velocity - centre) / half
    return np.asarray(centre + half * np.tanh(x + 0.25 * x**3))

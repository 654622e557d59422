"""What the interpreter sees where graces stand or a chord is rolled: who waits for whom.

In: a sight and its view. Out: which notes a figure concerns, and a table of columns for all notes.

**Conventions.** A figure concerns all notes of its onset group, those of the other hand too: they
are struck with the first grace, with the main note, or between. Times are log2 seconds at the
speed as marked. The order of names is fixed: the weights are trained on it.

**Knows nothing of** where the notes are then put.

**Reference.** P. Desain, H. Honing, "Does expressive timing in music performance scale
proportionally with tempo?", Psychological Research 56 (1994): graces are timed in seconds more than
in shares of the beat.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from valentin.shaping.graces import on_the_beat, rolls_of, with_mains
from valentin.shaping.interpreter_columns import any_of
from valentin.shaping.interpreter_features import View
from valentin.shaping.interpreter_scene import Sight

__all__ = ["figure_table", "in_figures"]

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Column = tuple[str, Floats]

KINDS = {"acciaccatura": 1.0, "appoggiatura": 2.0, "nachschlag": 3.0}
"""Numbers of the kinds of grace; others have 4."""

LONGEST_S = 4.0
"""log2 seconds from which the length of a main note is counted down: none is as long."""

SEEN = (
    "pitch", "length", "length_s", "length_of_wait", "upper_staff", "voice", "melody", "bass",
    "inner", "grace", "ornament", "is_rolled", "is_staccato", "is_accent", "is_slurred",
    "is_slur_start", "is_fermata", "chord_from_low", "chord_from_top", "chord_size",
    "hand_from_low", "hand_from_top", "hand_size", "hand_above_low", "hand_below_top", "step-1",
    "step+1", "length-1", "length+1", "wait", "wait_before", "weight", "place_beat", "wait_s",
    "whole_wait_s", "level", "forced", "count", "top", "low", "span", "slurred_share",
    "fermata_any", "to_end", "phrase_first_0", "phrase_last_0", "whole_count", "key_before",
    "key_after", "silence_before", "marked_beat",
)  # fmt: skip
"""Columns of the view's notes that are seen here too."""


def in_figures(sight: Sight) -> Bools:
    """The notes of groups in which a grace stands or a chord is rolled."""
    signs = np.maximum(sight.marks.rolled, sight.marks.rolled_down)
    concerned = any_of(sight, np.maximum(sight.notes.grace, signs)) > 0
    return np.asarray(concerned[sight.notes.group])


def figure_table(sight: Sight, view: View) -> npt.NDArray[np.float32]:
    """All columns, shape (notes, columns)."""
    own = [*_of_graces(sight), *_of_rolls(sight), *_of_time(sight)]
    place = {name: i for i, name in enumerate(view.notes.names)}
    seen = view.notes.values[:, [place[name] for name in SEEN]]
    return np.concatenate([np.stack([c for _, c in own], axis=1), seen], axis=1).astype(np.float32)


def _of_graces(sight: Sight) -> Iterator[Column]:
    """Of graces and their main notes, and of the notes that sound beside them."""
    notes, group = sight.notes, sight.notes.group
    speed = np.log2(sight.tempo.seconds_per_quarter)[group]
    count, left, main, main_s, kind, apart = np.zeros((6, len(group)))
    for members, mains in with_mains(notes):
        every, size = [*members, *mains], len(members)
        length = float(notes.duration_q[mains].min()) if mains else 1.0
        top = int(notes.pitch[mains].max()) if mains else int(notes.pitch[members[-1]])
        count[members], left[members], main[mains] = size, np.arange(size, 0, -1), size
        main_s[every] = np.log2(length) + speed[every]
        kind[every] = KINDS.get(sight.score.notes[members[0]].grace, 4.0)
        apart[members] = np.clip(top - notes.pitch[members], -24, 24)
        apart[mains] = np.clip(notes.pitch[mains] - notes.pitch[members[-1]], -24, 24)
    grace = notes.grace.astype(np.float64)
    yield from zip(
        ("graces_own", "graces_left", "main_of", "main_s", "kind", "apart"),
        (count, left, main, main_s, kind, apart),
        strict=True,
    )
    yield "graces", np.asarray(np.bincount(group, grace)[group], dtype=np.float64)
    yield "plain", np.asarray(np.bincount(group, 1.0 - grace)[group], dtype=np.float64)
    for name, column in {"row": count, "kind": kind, "quick": LONGEST_S - main_s}.items():
        yield f"{name}_any", any_of(sight, grace * column)[group]
    yield "same_staff", (notes.staff == any_of(sight, grace * notes.staff)[group]) * 1.0
    high = any_of(sight, grace * notes.pitch)[group]
    yield "from_grace", np.where(high > 0, np.clip(notes.pitch - high, -60, 60), 0.0)


def _of_rolls(sight: Sight) -> Iterator[Column]:
    """Where a note comes in its roll, and in its chord from below."""
    notes, group = sight.notes, sight.notes.group
    rank, size, share, signs = np.zeros((4, len(group)))
    for order in rolls_of(sight.score, notes):
        last = len(order) - 1
        rank[order], size[order] = np.arange(-last, 1), len(order)
        share[order] = np.arange(last + 1) / max(last, 1)
        signs[order[0]] += 1.0
    count = np.bincount(group, ~notes.grace)
    order_all = np.lexsort((notes.pitch, notes.grace, group))
    first = np.searchsorted(group[order_all], np.arange(len(count)))
    below = np.empty(len(group))
    below[order_all] = np.arange(len(group)) - first[group[order_all]]
    yield from zip(
        ("roll_rank", "roll_size", "roll_share", "roll_any", "rolls", "below", "above",
         "below_share"),
        (rank, size, share, any_of(sight, size)[group], np.bincount(group, signs)[group], below,
         count[group] - 1 - below, below / np.maximum(count[group] - 1, 1)),
        strict=True,
    )  # fmt: skip


def _of_time(sight: Sight) -> Iterator[Column]:
    """The time before and after, and whether the style asks for graces on the beat."""
    speed = np.log2(sight.tempo.seconds_per_quarter)
    wait = np.log2(np.maximum(sight.wait_q, 1 / 32)) + speed
    group = sight.notes.group
    yield "room", np.append(0.0, wait[:-1])[group]
    yield "next", wait[group]
    yield "speed", speed[group]
    yield "early", np.full(len(group), float(on_the_beat(sight.score.composer)))

"""Where the truth of a human take contradicts itself, found from the truth alone.

In: a score, the keys of a take with the notes that the truth gives them, the notes that it leaves
unheard. Out: the keys and the unheard notes at which the truth is in doubt.

**Conventions.** The truth was made by a program and corrected, and says of 97 to 99 keys in 100
what is so. Two things cannot be so, whoever aligns: of two notes the later written was struck
clearly before the earlier (`INVERTED_S`; hands are not that far apart); a key and a note of one
pitch are left alone although the note was due when the key was struck (`SAME_MOMENT_S`). Around an
inversion (`AROUND_S`) nothing that the truth says is counted; of a lonely pair the two alone.

**Knows nothing of** any aligner.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import numpy as np
import numpy.typing as npt

__all__ = ["Struck", "doubts"]

INVERTED_S, WITHIN_S, AROUND_S, SAME_MOMENT_S = 0.15, 4.0, 1.0, 0.3
"""Seconds: what counts as clearly before, how far apart two keys are compared, what is in doubt
around them, how near a lonely key and a lonely note of one pitch are."""

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Named = tuple[str, int]
Struck = tuple[float, int, str, int]
"""A key: seconds, pitch, the note it has in the truth ("" is none) and its rendering."""


def doubts(
    places: dict[str, tuple[Fraction, int]], keys: Sequence[Struck], unheard: frozenset[Named]
) -> tuple[frozenset[int], frozenset[Named]]:
    """Indices of doubtful keys, and doubtful notes among `unheard`; `places` has quarter and pitch
    of each written note but graces."""
    placed = [(s, float(places[n][0]), r) for s, _, n, r in keys if n in places]
    spans = _inverted(placed)
    due = _due(placed, places, unheard)
    struck = np.array([s for s, *_ in keys])
    doubtful = set(np.flatnonzero(_inside(struck, spans)).tolist())
    notes = {n for n, s in due.items() if _inside(np.array([s]), spans)[0]}
    lonely: dict[int, list[Named]] = {}
    for name in due:
        lonely.setdefault(places[name[0]][1], []).append(name)
    for i, (s, pitch, note, _) in enumerate(keys):
        near = [n for n in lonely.get(pitch, ()) if not note and abs(due[n] - s) < SAME_MOMENT_S]
        if near:
            doubtful.add(i)
            notes.update(near)
    return frozenset(doubtful), frozenset(notes)


def _inverted(placed: Sequence[tuple[float, float, int]]) -> list[tuple[float, float]]:
    """Spans of seconds around keys that come in the wrong order, joined where they touch."""
    seconds, quarters, rendering = (np.array(column) for column in zip(*placed, strict=True))
    spans: list[tuple[float, float]] = []
    for i, (s, q, r) in enumerate(placed):
        low, high = np.searchsorted(seconds, [s + INVERTED_S, s + WITHIN_S])
        before = (quarters[low:high] < q - 1e-6) & (rendering[low:high] == r)
        if before.any():
            last = float(seconds[low + int(np.flatnonzero(before)[-1])])
            spans.append((float(seconds[i]) - AROUND_S, last + AROUND_S))
    joined: list[tuple[float, float]] = []
    for start, end in spans:
        if joined and start <= joined[-1][1]:
            joined[-1] = joined[-1][0], max(end, joined[-1][1])
        else:
            joined.append((start, end))
    return joined


def _inside(seconds: Floats, spans: Sequence[tuple[float, float]]) -> Bools:
    edges = [edge for span in spans for edge in span]
    return np.asarray(np.searchsorted(edges, seconds) % 2 == 1)


def _due(
    placed: Sequence[tuple[float, float, int]],
    places: dict[str, tuple[Fraction, int]],
    unheard: frozenset[Named],
) -> dict[Named, float]:
    """When the unheard notes were due, between the notes of their rendering that were heard."""
    due = {}
    for rendering in {r for _, r in unheard}:
        rows = sorted((q, s) for s, q, r in placed if r == rendering)
        if not rows:
            continue
        quarters, first = np.unique([q for q, _ in rows], return_index=True)
        seconds = np.array([s for _, s in rows])[first]
        for name in (n for n in unheard if n[1] == rendering and n[0] in places):
            due[name] = float(np.interp(float(places[name[0]][0]), quarters, seconds))
    return due

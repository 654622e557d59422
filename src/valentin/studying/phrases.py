"""Group the music into phrases within phrases: boundary strengths → three levels of Phrase.

In: boundary strengths per score-onset group, and where the bars are. Out: phrases of level 0
(about eight bars), 1 (about four) and 2 (about two), each nested in the one above.

**Conventions.** Lengths are weighed in bars; phrases of one level cover the score without gaps.

**Knows nothing of** why a boundary is strong, performers.

**Reference.** Temperley, D. (2001), *The Cognition of Basic Musical Structures*, MIT Press, ch. 3:
choose the boundaries whose strength, less a cost for unusual lengths, is greatest (a dynamic
program). We run it bottom up, each level choosing among the boundaries of the level below.
"""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import numpy.typing as npt

from valentin.music import Phrase, Score

__all__ = ["LEVEL_BARS", "phrases_of"]

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

LEVEL_BARS = (8.0, 4.0, 2.0)
"""The length in bars that each level prefers."""

LENGTH_COST = 0.7
"""Points for twice or half the preferred length; grows with the square of the log ratio."""

THRESHOLD = 0.45
"""Points that a boundary costs: below this strength it only keeps lengths regular."""

REACH = 4.0
"""The longest phrase, as a multiple of the preferred length."""


def phrases_of(score: Score, onsets_q: Floats, strength: Floats) -> tuple[Phrase, ...]:
    """Three nested levels of phrases, the longest level first, each in time order."""
    if len(onsets_q) == 0:
        return ()
    end_q = score.end_q
    place = _in_bars(score, np.append(onsets_q, float(end_q)), float(end_q))
    end, place = max(float(place[-1]), float(place[-2]) + 1e-3), place[:-1]
    cuts = np.arange(len(onsets_q))
    levels: list[Ints] = []
    for bars in reversed(LEVEL_BARS):
        cuts = cuts[_choose(place[cuts], strength[cuts], end, bars)]
        levels.append(cuts)
    exact = {float(n.onset_q): n.onset_q for n in score.notes}
    places = [exact[float(q)] for q in onsets_q]
    return tuple(
        phrase
        for level, cuts in enumerate(reversed(levels))
        for phrase in _phrases(places, strength, cuts, level, end_q)
    )


def _in_bars(score: Score, places_q: Floats, end_q: float) -> Floats:
    """Score time counted in bars, so that 3/8 and 4/2 phrases are alike."""
    if not score.bars:
        return places_q / 4.0
    starts = np.array([float(b.start_q) for b in score.bars])
    return np.interp(
        places_q,
        np.append(starts, end_q + 1e-6),
        np.arange(len(starts) + 1, dtype=np.float64),
    )


def _choose(place: Floats, strength: Floats, end: float, bars: float) -> Ints:
    """Indices of the candidates that begin a phrase; the first always does."""
    count = len(place)
    ends = np.append(place, end)
    best = np.full(count + 1, -np.inf)
    origin = np.zeros(count + 1, dtype=np.int64)
    best[0] = 0.0
    first = np.searchsorted(place, ends - REACH * bars)
    for j in range(1, count + 1):
        a = min(int(first[j]), j - 1)
        length = np.log2(np.maximum(ends[j] - place[a:j], 0.02) / bars)
        points = best[a:j] - LENGTH_COST * length**2
        k = int(points.argmax())
        gain = strength[j] - THRESHOLD if j < count else 0.0
        best[j], origin[j] = points[k] + gain, a + k
    chosen = [count]
    while chosen[-1] > 0:
        chosen.append(int(origin[chosen[-1]]))
    return np.array(chosen[:0:-1], dtype=np.int64)


def _phrases(
    places: list[Fraction], strength: Floats, cuts: Ints, level: int, end_q: Fraction
) -> list[Phrase]:
    starts = [places[c] for c in cuts]
    ends = [*starts[1:], max(end_q, starts[-1])]
    sure = [*(float(np.clip(strength[c] / 1.5, 0.0, 1.0)) for c in cuts[1:]), 1.0]
    return [Phrase(a, b, level, s) for a, b, s in zip(starts, ends, sure, strict=True)]

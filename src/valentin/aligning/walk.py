"""The first pass: which place of the score each key struck belongs to, with jumps anywhere.

In: `Written` and `Heard`. Out: a `Walk`: for every key struck, a score-onset group, and how the
player came to it.

**Conventions.** One hidden state a group. From one key to the next the player stays in the group
(chord, ornament), goes on by 1..`REACH` groups (those between were left out), falls back by one
(hands not together), follows a repeat sign, or jumps to any group at all. Since a jump costs the
same
from everywhere, the best origin is found once a key and the work a key is linear in the length of
the score (the outer-product transition). Costs are nats as integers of 1/16; the low byte of a
score says which way the best predecessor lies, so that the inner loops are plain maxima of
integers, which the compiler runs eight at a time. Times are measured in units of the take's own
median interval between groups, so that the tempo of the whole changes nothing.

**Knows nothing of** tempo inside the take: see `timing`.

**Reference.** E. Nakamura, T. Nakamura, Y. Saito, N. Ono, S. Sagayama, "Outer-Product Hidden
Markov Model and Polyphonic MIDI Score Following", J. New Music Research 43 (2014). We decode the
whole take (Viterbi) and let a chord's keys come in any order.
"""

from __future__ import annotations

from dataclasses import dataclass

import numba
import numpy as np
import numpy.typing as npt

from valentin.aligning.again import keys_again
from valentin.aligning.material import Bools, Floats, Heard, Ints
from valentin.music import Written

__all__ = ["Walk", "walk"]

Costs = npt.NDArray[np.int32]

JUMP, HOP, START, LEFT_OUT, IN_ORNAMENT = 32.0, 22.0, 7.0, 0.6, 0.3
"""Nats for a jump, for one nearby, for a start elsewhere than at the beginning, each group left
out, one more key of an ornament. Cheaper jumps find shorter restarts, and false ones in tremolos:
with hops at 18 slips repaired at once reach F .986 instead of .985, everything at once .983 instead
of .985 (10 and 24 takes). A far jump is dear since of like places the nearer one is meant. A start
elsewhere stays below HOP_LEAST: dearer, a short excerpt is taken for an opening and a jump."""

BACK, BACK_LATER, BACK_MOST = 3.0, 6.0, 23.0
"""Nats for falling back by one group: hands that are not together are so by a moment, so it costs
more for each doubling of the time, up to a limit. Else the first notes of a short
restart would be taken for it (`bench/stumbling.py`)."""

JUMP_PAUSED, HOP_PAUSED, PAUSE_OCTAVES, AROUND_KEYS = 4.0, 5.0, 2.0, 12
"""Nats off a jump for each doubling of the silence before it over the third longest interval
around, up to two doublings."""

PER_AGAIN, HOP_LEAST = 1.0, 8.0
"""Nats off a nearby jump for each doubling of the silence and each key from here on that repeats
what came just before, and the least that such a jump costs. Of the keys played again in stumbles
.90 are placed instead of .82 (`bench/stumbling.py`); the price is .001 of F where everything comes
at once."""

LEAST_LEFT_OUT, MOST_LEFT_OUT = 0.3, 3.0
"""What a group left out costs is divided by the time gone by (third longest intervals around),
within these bounds: in a silence much may be left out, between the keys of a chord nothing."""

HOP_BACK, HOP_ON = 160, 120
"""Groups back and on that count as nearby: a page, and a line."""

TOGETHER_UNITS, TOGETHER_SLOPE = 0.25, 1.5
"""Two keys this far apart (units) are as likely of one group as of two."""

LATE_UNITS = 0.5
"""From here on hands that are not together are less and less likely."""

UNIT, BITS, LOW = 16, 8, 255
REACH, BY_JUMP, BY_FALLING_BACK, BY_LINK = 16, 30, 31, 64
MOST_LINKS = 60
CELLS = 1 << 27
"""Cells (keys × groups) whose directions are kept at once, in bytes: longer takes are decoded in
stretches, each run through twice."""


@dataclass(frozen=True, slots=True)
class Walk:
    """`group[i]` is where key i is; `jumped[i]`: by a jump; `linked[i]`: by a repeat sign; `nats`:
    what the whole walk costs, a key."""

    group: Ints
    jumped: Bools
    linked: Bools
    nats: float


def walk(written: Written, heard: Heard, near: int | None = None) -> Walk:
    """The likeliest walk of the take through the score; both must have notes. It starts at the
    beginning, or not far from group `near`, with no cost."""
    start = np.full(len(written.place_q), START)
    start[0] = 0.0
    if near is not None:
        start[0] = START
        start[max(0, near - HOP_BACK) : near + HOP_ON] = 0.0
    chunk = int(np.clip(CELLS // len(start), 64, len(heard.pitch)))
    group, how, cost = _decode(
        heard.pitch,
        (_fixed(written.nats), written.around),
        _step_costs(heard, len(written.pitch) / len(written.place_q)),
        _fixed(start),
        written.links[:MOST_LINKS],
        chunk,
    )
    nats = float(cost) / (UNIT << BITS) / len(heard.pitch)
    return Walk(group, how == BY_JUMP, how >= BY_LINK, nats)


def _unit_s(intervals: Floats, keys_a_group: float) -> float:
    """The median interval from one group to the next: the longest of all intervals are those.

    A median over all of them would be the spread of a chord where chords are many, and a slowly
    rolled chord would seem a line.
    """
    if not len(intervals) or not intervals.max():
        return 1.0
    unit_s = float(np.quantile(intervals, 1 - 0.5 / max(1.0, keys_a_group)))
    return unit_s or float(np.median(intervals[intervals > 0]))


def _step_costs(heard: Heard, keys_a_group: float) -> Costs:
    """What each way from one key to the next costs, shape (keys, 7)."""
    intervals = np.diff(heard.onset_s, prepend=heard.onset_s[:1])
    unit_s = _unit_s(intervals[1:], keys_a_group)
    x = TOGETHER_SLOPE * np.log(np.maximum(intervals / unit_s, 1e-3) / TOGETHER_UNITS)
    longer = np.maximum(intervals, 1e-9) / _usual_gap(intervals)
    pause = np.clip(np.log2(longer), 0, PAUSE_OCTAVES)
    left_out = LEFT_OUT * np.clip(1 / longer, LEAST_LEFT_OUT, MOST_LEFT_OUT)
    together, apart = np.logaddexp(0, x), np.logaddexp(0, -x)
    later = np.maximum(0, np.log2(np.maximum(intervals / unit_s / LATE_UNITS, 1e-3)))
    back = np.minimum(BACK + BACK_LATER * later, BACK_MOST)
    hop = HOP - (HOP_PAUSED + PER_AGAIN * keys_again(heard, pause > 0)) * pause
    ways = (together, apart, JUMP - JUMP_PAUSED * pause, np.maximum(hop, HOP_LEAST))
    trilling = np.minimum(together, IN_ORNAMENT)
    return _fixed(np.stack([*ways, left_out, back, trilling], axis=1))


def _usual_gap(intervals: Floats) -> Floats:
    """Around each key, the third longest interval of the `AROUND_KEYS` on either side."""
    padded = np.pad(intervals, AROUND_KEYS)
    around = np.lib.stride_tricks.sliding_window_view(padded, 2 * AROUND_KEYS + 1)
    others = np.delete(around, AROUND_KEYS, axis=1)
    return np.maximum(np.partition(others, -3, axis=1)[:, -3], 1e-6)


def _fixed(nats: Floats) -> Costs:
    return (np.round(nats * UNIT).astype(np.int64) << BITS).astype(np.int32)


@numba.njit(cache=True, nogil=True)
def _decode(pitch, keys, steps, start, links, chunk):  # type: ignore[no-untyped-def]
    """Viterbi in stretches: forward keeping the scores at each stretch, then backward."""
    nats, around = keys
    count, groups = len(pitch), nats.shape[1]
    stretches = (count + chunk - 1) // chunk
    saved = np.zeros((stretches, groups), np.int32)
    ways = np.zeros((chunk, groups), np.uint8)
    origin = np.zeros(count, np.int64)
    now, then = np.zeros(groups, np.int32), np.zeros(groups, np.int32)
    a, b = np.zeros(groups, np.int32), np.zeros(groups, np.int32)
    for g in range(groups):
        now[g] = -start[g] - nats[pitch[0], g]
    for s in range(stretches):
        saved[s] = now
        for i in range(max(1, s * chunk), min(count, (s + 1) * chunk)):
            key = nats[pitch[i]], around[pitch[i]]
            origin[i] = _advance(now, then, a, b, key, steps[i], links, ways[i - s * chunk])
            now, then = then, now
    place, how = np.zeros(count, np.int64), np.zeros(count, np.uint8)
    here = np.argmax(now)
    cost = -now[here]
    for s in range(stretches - 1, -1, -1):
        if s < stretches - 1:
            now[:] = saved[s]
            for i in range(max(1, s * chunk), (s + 1) * chunk):
                key = nats[pitch[i]], around[pitch[i]]
                _advance(now, then, a, b, key, steps[i], links, ways[i - s * chunk])
                now, then = then, now
        for i in range(min(count, (s + 1) * chunk) - 1, max(1, s * chunk) - 1, -1):
            way = ways[i - s * chunk, here]
            place[i], how[i] = here, way
            if way == BY_JUMP:
                here = origin[i]
            elif way == BY_FALLING_BACK:
                here += 1
            elif way >= BY_LINK:
                here = links[(way - BY_LINK) // 3, 0] - (way - BY_LINK) % 3
            else:
                here -= way
    place[0], how[0] = here, BY_JUMP
    return place, how, cost


@numba.njit(cache=True, nogil=True)
def _advance(now, then, a, b, key, costs, links, ways):  # type: ignore[no-untyped-def]
    """One key: `then` from `now`; returns the best group before it. Ways go to `ways`."""
    stay, go_on, jump, hop, left_out, back, trilling = costs
    nats, around = key
    groups = len(now)
    top = now[0]
    for g in range(groups):
        top = max(top, now[g])
    best = int(np.argmax(now == top))
    _best_before(now, a, b, left_out)
    jumped, fallen, behind = top - jump + BY_JUMP, BY_FALLING_BACK - back, now[1:]
    for g in range(groups - 1):
        stayed = now[g] - (trilling if around[g] else stay)
        then[g] = max(max(a[g] - go_on, stayed), max(jumped, behind[g] + fallen))
    then[-1] = max(max(a[-1] - go_on, now[-1] - (trilling if around[-1] else stay)), jumped)
    for k in range(len(links)):  # nobody falls back out of what a repeat sign leads to
        g = links[k, 1] - 1
        if g >= 0:
            stayed = now[g] - (trilling if around[g] else stay)
            then[g] = max(max(a[g] - go_on, stayed), jumped)
    for g in range(max(0, best - HOP_BACK), min(groups, best + HOP_ON)):
        away = best - g if g <= best else 2 * (g - best)  # of equal places the nearer one
        then[g] = max(then[g], top - hop - ((away >> 3) << BITS) + BY_JUMP)
    for k in range(len(links)):
        for short in range(3):
            if links[k, 0] >= short:
                linked = now[links[k, 0] - short] - go_on - short * left_out
                then[links[k, 1]] = max(then[links[k, 1]], linked + BY_LINK + 3 * k + short)
    for g in range(groups):
        value = then[g]
        ways[g] = value & LOW
        then[g] = (value & ~LOW) - nats[g]
    return best


@numba.njit(cache=True, nogil=True)
def _best_before(now, a, b, left_out):  # type: ignore[no-untyped-def]
    """Into `a`: for each group the best of the 16 before it, each group left out paid for.

    The reach doubles four times; the low byte counts how far back the best one lies.
    """
    a[0] = -(1 << 30)
    ahead = a[1:]
    for g in range(len(ahead)):
        ahead[g] = now[g] + 1
    _reach(a, b, 1, 1 - left_out)
    _reach(b, a, 2, 2 - 2 * left_out)
    _reach(a, b, 4, 4 - 4 * left_out)
    _reach(b, a, 8, 8 - 8 * left_out)


@numba.njit(cache=True, nogil=True)
def _reach(near, far, step, paid):  # type: ignore[no-untyped-def]
    """Into `far`: the better of `near` here and `near` `step` groups before."""
    far[:step] = near[:step]
    here, ahead = near[step:], far[step:]
    for g in range(len(ahead)):
        ahead[g] = max(here[g], near[g] + paid)

"""The stories: for every place of the score the likeliest way there, one key at a time.

In: a folded score laid out (`Ground`) and one key struck after another. Out: after each key, for
every group, what the best story that ends there costs, and how it came there.

**Conventions.** A *story* is a row of numbers (`COST` … `WAY`), one a group. A story stays in its
group (chord, ornament), goes on by 1..`REACH` groups, falls back by one (hands not together),
follows a repeat sign, or jumps anywhere; from key to key the best story of each group is kept. Each
carries the time at which its group was entered, its own tempo, and its visit in the order of the
sections, so that a player who starts again at another tempo is not held to the old one. Costs are
nats over the best story's. Times are judged by the story's own tempo, so that a constant factor
changes nothing.

**Knows nothing of** what is reported.

**Reference.** E. Nakamura, T. Nakamura, Y. Saito, N. Ono, S. Sagayama, "Outer-Product Hidden
Markov Model and Polyphonic MIDI Score Following", J. New Music Research 43 (2014): a jump costs the
same from everywhere, so that all places stay alive in linear time. We keep the best story instead
of the sum over stories, and a tempo with each.
"""

from __future__ import annotations

from fractions import Fraction
from typing import NamedTuple

import numba
import numpy as np
import numpy.typing as npt

from valentin.following.ground import Ground

__all__ = ["BY_JUMP", "COST", "TEMPO", "TRUST", "VISIT", "WAY", "Lattice", "Weights"]

Floats = npt.NDArray[np.float64]

COST, ENTERED, BEGUN, TEMPO, TRUST, DONE, VISIT, WAY = range(8)
"""A story: nats; seconds at which its group counts as entered, and was; seconds a quarter, and from
how many intervals; keys of the group struck; visit; the way it came by the last key."""

BY_STAYING, BY_GOING_ON, BY_FALLING_BACK, BY_JUMP = range(4)

REACH = 16
"""Groups, less one, that may be left out without a jump."""

SHORT = 3
"""Groups before a repeat sign, and after it, that may be left out."""

HOP_BACK, HOP_ON = 160, 40
"""Groups back and on that count as nearby: a page, and a line."""

FALLING_LATER, FALLING_MOST = 6.0, 23.0
"""Nats more for falling back for each doubling of the time since, and the most."""

FORGOTTEN, LONGEST_S = 0.93, 2.0
"""What a key leaves of the longest interval of late, and the longest that counts."""

LEAST_STEP_Q, LEAST_STEP_S = 0.2, 0.02
"""From these on an interval tells a tempo."""


class Weights(NamedTuple):
    """Nats, unless said otherwise; chosen on train takes (`bench/following.py`)."""

    jump: float = 32.0
    hop: float = 20.0  # a jump nearby
    start: float = 7.0  # a start elsewhere than at the beginning
    paused: float = 4.5  # off a jump for each doubling of the silence over the longest of late
    octaves: float = 2.0  # doublings that count
    per_interval: float = 0.15  # share of the usual interval that costs one
    per_gap: float = 0.5  # octaves (natural) of an interval that cost one
    per_stay: float = 0.2  # share of the usual interval after which a chord's key costs one more
    most: float = 5.0  # the most that time costs
    held: float = 1.0  # the most it costs at a fermata
    left_out: float = 0.6  # each group
    missed: float = 0.5  # each key of a group gone on from
    most_missed: float = 2.0
    back: float = 3.0  # falling back
    trilling: float = 0.3  # one more key of an ornament
    again: float = 3.0  # the same key again in its group
    drift: float = 0.3  # share by which a chord's later keys move the time of its group
    learn_q: float = 1.0  # quarters that replace all but 1/e of a tempo
    few: float = 4.0  # intervals from which a tempo is trusted by half


class Lattice:
    """The stories of one player, `stories` of shape (groups, 8). Its memory does not grow."""

    def __init__(
        self, ground: Ground, weights: Weights | None = None, start_q: Fraction = Fraction(0)
    ) -> None:
        self.ground = ground
        self.weights = weights or Weights()
        self.stories = np.zeros((len(ground.place_q), 8))
        self.stories[:, COST] = self.weights.start
        self.stories[:, TEMPO] = ground.usual_tempo
        self.stories[:, VISIT] = ground.first_visit[ground.section]
        self.stories[:, WAY] = BY_JUMP
        first, visit = ground.group_at(start_q)
        self.stories[first, COST], self.stories[first, VISIT] = 0.0, visit
        self.keys = 0
        self.last_s = -np.inf
        self._spare = np.empty_like(self.stories)
        self._struck_s = np.full(128, -np.inf)
        self._longest_s = 0.0
        self._score = (
            ground.place_q, ground.gap_q, ground.section, ground.sections_q, ground.held,
            ground.size,
        )  # fmt: skip
        self._course = (ground.links, ground.next_visit, ground.near_visit)

    def hear(self, pitch: int, time_s: float) -> int:
        """One key struck; the group of the best story."""
        key = self.ground.nats[pitch], self.ground.around[pitch]
        if self.keys:
            times = (time_s, self.last_s, self._struck_s[pitch], self._longest_s)
            _advance(self.stories, self._spare, key, times, self._score, self._course, self.weights)
            self.stories, self._spare = self._spare, self.stories
            interval_s = min(time_s - self.last_s, LONGEST_S)
            self._longest_s = max(FORGOTTEN * self._longest_s, interval_s)
        else:
            self.stories[:, COST] += key[0]
            self.stories[:, ENTERED] = self.stories[:, BEGUN] = time_s
            self.stories[:, DONE] = key[0] == 0
        best = int(np.argmin(self.stories[:, COST]))
        self.stories[:, COST] -= self.stories[best, COST]
        self._struck_s[pitch] = self.last_s = time_s
        self.keys += 1
        return best


@numba.njit(cache=True, nogil=True)
def _advance(now, then, key, times, score, course, w):  # type: ignore[no-untyped-def]
    """One key: the stories `then` from those `now`."""
    nats, around = key
    place_q, gap_q, section, _, held, size = score
    links, _, near_visit = course
    time_s, last_s, struck_s, longest_s = times
    since_s = time_s - last_s
    pause = np.log2(max(since_s, 1e-3) / max(longest_s, 0.05))
    saved = w.paused * min(w.octaves, max(0.0, pause))
    top = int(np.argmin(now[:, COST]))
    groups = len(now)
    for k in range(groups):
        story = then[k]
        near = top - HOP_BACK <= k <= top + HOP_ON
        story[COST] = (w.hop + 0.005 * abs(k - top) if near else w.jump) - saved
        _enter(story, now[top], time_s, BY_JUMP)
        story[TRUST] = min(now[top, TRUST], 1.0)
        story[VISIT] = near_visit[int(now[top, VISIT]), section[k]]
        _stay(now[k], story, (nats[k] == 0.0, around[k]), (time_s, since_s, struck_s), gap_q[k], w)
        for j in range(k - 1, max(-1, k - REACH - 1), -1):
            cost = now[j, COST] + w.left_out * (k - j - 1)
            if cost < story[COST]:
                step_q = place_q[k] - place_q[j]
                _go_on(now[j], story, cost, step_q, (gap_q[k], size[j], held[j]), time_s, w)
        if story[WAY] == BY_GOING_ON:
            _count(story, section[k], course)
        if k + 1 < groups and section[k + 1] == section[k]:
            _fall_back(now[k + 1], story, place_q[k + 1] - place_q[k], gap_q[k], since_s, w)
            if story[WAY] == BY_FALLING_BACK:
                story[DONE] = size[k] - 1.0
    for n in range(len(links)):
        _repeat(now, then, links[n], score, course, time_s, w)
    for k in range(groups):
        then[k, COST] += nats[k]
        if nats[k] == 0.0:
            then[k, DONE] += 1.0


@numba.njit(cache=True, nogil=True)
def _enter(story, before, time_s, way):  # type: ignore[no-untyped-def]
    """The story enters its group now, coming from `before`."""
    story[ENTERED] = story[BEGUN] = time_s
    story[TEMPO], story[TRUST] = before[TEMPO], before[TRUST]
    story[VISIT], story[DONE], story[WAY] = before[VISIT], 0.0, way


@numba.njit(cache=True, nogil=True)
def _stay(before, story, key, times, gap_q, w):  # type: ignore[no-untyped-def]
    """One more key of the group."""
    fits, around = key
    time_s, since_s, struck_s = times
    late = min(w.most, since_s / (w.per_stay * gap_q * before[TEMPO]))
    fresh = fits and struck_s < before[BEGUN]
    if around:
        late = min(late, w.trilling)
    elif fits and not fresh:
        late += w.again
    if before[COST] + late < story[COST]:
        story[:] = before
        story[COST] += late
        story[WAY] = BY_STAYING
        if fresh and not around:
            story[ENTERED] += w.drift * (time_s - before[ENTERED])


@numba.njit(cache=True, nogil=True)
def _go_on(before, story, cost, step_q, there, time_s, w):  # type: ignore[no-untyped-def]
    """On to a later group, `step_q` quarters away."""
    gap_q, size, held = there
    cost += min(w.most_missed, w.missed * max(0.0, size - before[DONE]))
    tempo = before[TEMPO]
    ease_s = w.per_interval * gap_q * tempo
    passed_s = max(0.0, time_s - before[ENTERED])
    off = abs(np.log((passed_s + ease_s) / (tempo * step_q + ease_s))) / w.per_gap
    sure = 0.3 + 0.7 * before[TRUST] / (before[TRUST] + w.few)
    cost += min(w.held if held else w.most, off * sure)
    if cost < story[COST]:
        _enter(story, before, time_s, BY_GOING_ON)
        story[COST] = cost
        if not held:
            _learn(story, step_q, passed_s, w.learn_q)


@numba.njit(cache=True, nogil=True)
def _learn(story, step_q, passed_s, learn_q):  # type: ignore[no-untyped-def]
    """The story's tempo after one more interval."""
    if step_q <= 0.0 or passed_s <= LEAST_STEP_S:
        return
    share = 1.0 - np.exp(-step_q / learn_q)
    if step_q > LEAST_STEP_Q:
        share = max(share, 1.0 / (story[TRUST] + 1.0))
    most = 0.7 if story[TRUST] >= 1.0 else 1.6
    off = min(max(np.log(passed_s / (step_q * story[TEMPO])), -most), most)
    story[TEMPO] *= np.exp(share * off)
    story[TRUST] += 1.0


@numba.njit(cache=True, nogil=True)
def _count(story, section, course):  # type: ignore[no-untyped-def]
    """The next visit, where going on has led into another section."""
    _, next_visit, near_visit = course
    visit = int(story[VISIT])
    if near_visit[visit, section] != visit:
        story[VISIT] = next_visit[visit, section]


@numba.njit(cache=True, nogil=True)
def _fall_back(before, story, step_q, gap_q, since_s, w):  # type: ignore[no-untyped-def]
    """Back to the group before: the other hand was early."""
    tempo = before[TEMPO]
    later = max(0.0, np.log2(max(since_s / (0.5 * gap_q * tempo), 1e-3)))
    cost = before[COST] + min(w.back + FALLING_LATER * later, FALLING_MOST)
    if cost < story[COST]:
        at_s = before[ENTERED] - tempo * step_q
        _enter(story, before, at_s, BY_FALLING_BACK)
        story[COST] = cost


@numba.njit(cache=True, nogil=True)
def _repeat(now, then, link, score, course, time_s, w):  # type: ignore[no-untyped-def]
    """From the end of a section to the start of one that may follow it."""
    place_q, gap_q, section, sections_q, held, size = score
    next_visit = course[1]
    end, start = section[link[0]], section[link[1]]
    for j in range(max(0, link[0] - SHORT + 1), link[0] + 1):
        for k in range(link[1], min(link[1] + SHORT, len(now))):
            if section[j] != end or section[k] != start:
                continue
            step_q = sections_q[end, 1] - place_q[j] + place_q[k] - sections_q[start, 0]
            cost = now[j, COST] + w.left_out * (link[0] - j + k - link[1])
            before = then[k, COST]
            _go_on(now[j], then[k], cost, step_q, (gap_q[k], size[j], held[j]), time_s, w)
            if then[k, COST] < before:
                then[k, VISIT] = next_visit[int(now[j, VISIT]), start]

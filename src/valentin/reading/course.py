"""The signs of the bars → sections, and the order in which they are played.

In: `Signs` and `Span` rows, one per bar. Out: `Section` rows, the order as written, and what was
guessed.

**Conventions.** A repeat sign sends back to the last forward sign (or to the start, or to where
the last repeat ended), once, or as often as the endings ask. After a da capo or dal segno no
repeat is taken again and the last ending is played, as custom has it; it runs to Fine, or to the
coda sign and from there on in the coda. Of two coda signs without words the first is the place to
leave. A first ending that no other follows is left out the second time.

**Knows nothing of** files, and of whether a player takes the repeats.

**Reference.** E. Gould, *Behind Bars* (2011), ch. 9.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from valentin.music import Section
from valentin.reading.layers import Span
from valentin.reading.signs import Signs

__all__ = ["Course", "course_of", "mended", "path_through"]


@dataclass(frozen=True, slots=True)
class Course:
    """Sections, the order in which they are played as written, and guesses as (bar, words)."""

    sections: tuple[Section, ...]
    order: tuple[int, ...]
    guesses: tuple[tuple[int, str], ...] = ()


def course_of(signs: Sequence[Signs], spans: Sequence[Span], path: Sequence[int] = ()) -> Course:
    """Where the score divides and how it runs: along `path`, or, without one, by the signs."""
    if not spans:
        return Course((), ())
    signs, guesses = mended(signs)
    path = path or path_through(signs)
    starts = sorted(_boundaries(signs, path))
    sections = []
    for i, start in enumerate(starts):
        last = (starts[i + 1] if i + 1 < len(starts) else len(spans)) - 1
        end_q = spans[last].start_q + spans[last].length_q
        sections.append(Section(spans[start].start_q, end_q))
    place = {start: i for i, start in enumerate(starts)}
    order = tuple(place[bar] for bar in path if bar in place)
    return Course(tuple(sections), order, tuple(guesses))


def mended(signs: Sequence[Signs]) -> tuple[list[Signs], list[tuple[int, str]]]:
    """Signs made whole: a first ending that lacks its repeat sign, coda signs without words."""
    rows, guesses = list(signs), []
    for i, (bar, after) in enumerate(pairwise(signs)):
        ends = bar.ending and after.ending_id != bar.ending_id
        if ends and not bar.backward and after.ending and max(after.ending) > max(bar.ending):
            rows[i] = replace(bar, backward=True)
            guesses.append((i, "the ending has no repeat sign; one was supposed"))
        if bar.backward and ends and not after.ending and _is_lone(signs, i):
            guesses.append((i, "no ending follows the first; what comes after it was taken for it"))
    codas = [i for i, bar in enumerate(signs) if bar.coda]
    if len(codas) > 1 and not any(bar.to_coda for bar in signs):
        rows[codas[0]] = replace(rows[codas[0]], coda=False, to_coda=True)
    return rows, guesses


def path_through(signs: Sequence[Signs]) -> list[int]:
    """Indices of the bars in the order played."""
    path: list[int] = []
    here, start, turn = 0, 0, 1
    jumped = False
    limit = 64 * len(signs)
    while here < len(signs) and len(path) < limit:
        bar = signs[here]
        if bar.forward and here != start:
            start, turn = here, 1
        if bar.ending and not _plays(signs, here, turn, last=jumped):
            here += 1
            if _leaves(signs, here):
                start, turn = here, 1
            continue
        path.append(here)
        coda = _coda_after(signs, here) if jumped and bar.to_coda else None
        if jumped and bar.fine:
            break
        if coda is not None:
            here = coda
        elif bar.backward and not jumped and turn < _turns(signs, here):
            here, turn = start, turn + 1
        elif bar.jump and not jumped:
            jumped = True
            here = start = _segno(signs) if bar.jump == "segno" else 0
        else:
            here += 1
            if bar.backward or (bar.ending and _leaves(signs, here)):
                start, turn = here, 1
    return path


def _group(signs: Sequence[Signs], here: int) -> range:
    """Bars of the run of endings around `here`."""
    low = high = here
    while low > 0 and signs[low - 1].ending:
        low -= 1
    while high + 1 < len(signs) and signs[high + 1].ending:
        high += 1
    return range(low, high + 1)


def _is_lone(signs: Sequence[Signs], here: int) -> bool:
    """Whether it is a first ending with a repeat sign, and music but no ending after it."""
    group = _group(signs, here)
    return (
        group.stop < len(signs)
        and any(signs[i].backward for i in group)
        and all(signs[i].ending == (1,) for i in group)
    )


def _final(signs: Sequence[Signs], here: int) -> int:
    """The last pass that the endings around `here` are for."""
    if _is_lone(signs, here):
        return 2
    return max(max(signs[i].ending) for i in _group(signs, here))


def _plays(signs: Sequence[Signs], here: int, turn: int, *, last: bool) -> bool:
    """Whether this ending is played on this turn (`last`: only the last one is)."""
    passes = {p for i in _group(signs, here) for p in signs[i].ending} | {_final(signs, here)}
    until = max(passes) if last else max((p for p in passes if p <= turn), default=min(passes))
    return until in signs[here].ending


def _turns(signs: Sequence[Signs], here: int) -> int:
    """How often the passage that ends here is played."""
    if not signs[here].ending:
        return signs[here].turns
    final = _final(signs, here)
    return final if final > 1 else signs[here].turns


def _leaves(signs: Sequence[Signs], after: int) -> bool:
    return after >= len(signs) or not signs[after].ending


def _segno(signs: Sequence[Signs]) -> int:
    return next((i for i, bar in enumerate(signs) if bar.segno), 0)


def _coda_after(signs: Sequence[Signs], here: int) -> int | None:
    return next((i for i in range(here + 1, len(signs)) if signs[i].coda), None)


def _boundaries(signs: Sequence[Signs], path: Sequence[int]) -> set[int]:
    """First bars of sections: at signs, at endings, and wherever the path jumps."""
    starts = {0}
    for i, (before, bar) in enumerate(pairwise(signs), 1):
        if bar.forward or before.backward or bar.ending_id != before.ending_id:
            starts.add(i)
    for here, there in pairwise(path):
        if there != here + 1:
            starts |= {there, here + 1}
    if path:
        starts.add(path[-1] + 1)
    return {i for i in starts if i < len(signs)}

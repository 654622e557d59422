"""What was read from a score, guessed and not understood: for `show` and for machines.

In: a Score as written. Out: lines of text, or JSON.

**Knows nothing of** files, how the score was read.
"""

from __future__ import annotations

import json
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Sequence
from fractions import Fraction
from textwrap import shorten

from valentin.music import Mark, Performance, Score
from valentin.showing.names import key_signature_name

__all__ = ["rendition_summary", "score_json", "score_summary"]

_SPOKEN = ("tempo", "dynamic", "hairpin", "fermata", "una-corda", "words")
"""Marks told bar by bar; the others are only counted."""
_WIDTH = 100


def score_summary(score: Score, unheard: Sequence[Mark] = ()) -> str:
    """The score in words, bar by bar where there is something to say.

    `unheard` are the words printed in it that no player here understands.
    """
    graces = sum(bool(note.grace) for note in score.notes)
    ornaments = sum(note.ornament is not None for note in score.notes)
    lines = [
        " · ".join(filter(None, (score.title or "untitled", score.composer))),
        ", ".join(part.name or part.id for part in score.parts),
        f"{len(score.bars)} bars, {len(score.notes)} notes"
        + (f", {graces} of them {'graces' if graces > 1 else 'a grace'}" if graces else "")
        + (f", {ornaments} with an ornament" if ornaments else ""),
        "metre " + ", ".join(_at(score, m.start_q, m.signature) for m in score.metres),
        "key "
        + ", ".join(
            _at(score, k.start_q, key_signature_name(k.fifths, k.mode)) for k in score.keys
        ),
        _course(score),
        "marks " + ", ".join(f"{n} {kind}" for kind, n in _counts(score.marks)),
    ]
    told = [*_bar_by_bar(score), *_remarks(score, unheard)]
    return "\n".join([*filter(None, lines), *told]) + "\n"


def _course(score: Score) -> str:
    """The bars in the order played, where that is not the order printed."""
    runs: list[list[int]] = []
    for i in score.order:
        if runs and runs[-1][1] + 1 == i:
            runs[-1][1] = i
        else:
            runs.append([i, i])
    if len(runs) < 2:
        return ""
    return "bars played " + ", ".join(_stretch(score, first, last) for first, last in runs)


def _stretch(score: Score, first: int, last: int) -> str:
    """The bars of sections `first` to `last`, by number."""
    start_q, end_q = score.sections[first].start_q, score.sections[last].end_q
    inside = [bar.start_q for bar in score.bars if start_q <= bar.start_q < end_q] or [start_q]
    low, high = _bar(score, inside[0]), _bar(score, inside[-1])
    return low if low == high else f"{low}–{high}"


def _counts(marks: Iterable[Mark]) -> list[tuple[str, int]]:
    return Counter(str(mark.kind) for mark in marks).most_common()


def _at(score: Score, start_q: Fraction, words: str) -> str:
    return words if start_q == 0 else f"{words} from bar {_bar(score, start_q)}"


def _bar(score: Score, q: Fraction) -> str:
    """The number of the bar at `q`; a bar without one is named by its neighbour."""
    i = bisect_right([bar.start_q for bar in score.bars], q) - 1
    before = next((b.number for b in reversed(score.bars[: i + 1]) if b.number), "")
    if i < 0 or not before:
        return "0"
    return before if score.bars[i].number else f"{before}+"


def _bar_by_bar(score: Score) -> list[str]:
    spoken: dict[str, list[str]] = {}
    for mark in sorted(score.marks, key=lambda m: m.start_q):
        if mark.kind in _SPOKEN:
            words = mark.text if mark.kind != "fermata" else "fermata"
            spoken.setdefault(_bar(score, mark.start_q), []).append(words or mark.kind)
    return [
        "  " + shorten(f"bar {bar}: {', '.join(words)}", _WIDTH, placeholder=" …")
        for bar, words in spoken.items()
    ]


def _remarks(score: Score, unheard: Sequence[Mark]) -> list[str]:
    guessed = (
        [] if _names_speed(score) else ["guessed: no tempo is written; the player chooses one"]
    )
    guessed += [
        f"not understood: bar {_bar(score, mark.start_q)}: the words `{mark.text}`"
        for mark in unheard
    ]
    if not score.remarks:
        return guessed or ["nothing had to be guessed or left out"]
    return guessed + [
        f"{remark.kind}: " + (f"bar {remark.bar}: " if remark.bar else "") + remark.words
        for remark in score.remarks
    ]


def _names_speed(score: Score) -> bool:
    """Whether anything is said of the tempo where the music begins."""
    first_q = min((note.onset_q for note in score.notes), default=Fraction(0))
    return any(m.kind in ("tempo", "playback-tempo") and m.start_q <= first_q for m in score.marks)


def score_json(score: Score, unheard: Sequence[Mark] = ()) -> str:
    """The same for machines."""
    whole = {
        "title": score.title,
        "composer": score.composer,
        "parts": [{"id": p.id, "name": p.name, "staves": p.staves} for p in score.parts],
        "notes": len(score.notes),
        "quarters": float(score.end_q),
        "bars": [
            {"number": b.number, "start_q": float(b.start_q), "length_q": float(b.length_q)}
            for b in score.bars
        ],
        "metres": [{"start_q": float(m.start_q), "signature": m.signature} for m in score.metres],
        "keys": [
            {"start_q": float(k.start_q), "fifths": k.fifths, "mode": k.mode} for k in score.keys
        ],
        "sections": [
            {"start_q": float(s.start_q), "end_q": float(s.end_q)} for s in score.sections
        ],
        "order": list(score.order),
        "marks": dict(_counts(score.marks)),
        "remarks": [
            {"kind": r.kind, "bar": r.bar, "start_q": float(r.start_q), "words": r.words}
            for r in score.remarks
        ],
        "not_understood": [
            {"bar": _bar(score, m.start_q), "start_q": float(m.start_q), "words": m.text}
            for m in unheard
        ],
    }
    return json.dumps(whole, ensure_ascii=False, indent=1) + "\n"


def rendition_summary(score: Score, performance: Performance) -> str:
    """How a performance is, in two lines."""
    minutes, seconds = divmod(performance.end_s, 60)
    velocities = [note.velocity for note in performance.notes] or [0]
    pedal = sum(event.control == "sustain" for event in performance.pedal)
    return (
        f"{score.title or 'untitled'}: {len(performance.notes)} notes in "
        f"{minutes:.0f} min {seconds:.1f} s\n"
        f"velocity {min(velocities)} to {max(velocities)}, {pedal} movements of the pedal\n"
    )

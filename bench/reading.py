"""How well scores are read: notes of the `.match` files found, onsets against a count of our own.

In: the development data. Out: rows printed and appended to `bench/results/reading.json`.

**Conventions.** *Found*: a score note that a `.match` file names is in the folded score with the
same id and pitch. *Onset*: a pitched note of a MusicXML score stands where `musicxml_count` puts
it, exactly, of all that are in the file, hidden and small ones too, read or not; only the far ends
of ties, which are no notes of their own, are counted apart. `partitura` is a second opinion on a
sample, 0 for none (it rounds nothing, but drops grace notes that it cannot place). *Rendering*: an
id with its `-K` that a `.match` file names is in `unfold(score)`. All read through `read_score`,
child process and all. *Exceptions*, and bars that nothing explains: `reading_whole`. Seconds are
those of the processor, the child that parses counted too, so that a busy machine does not matter.

Run: `python -m bench.reading [--partitura COUNT] [--only PART-OF-A-PATH] [--resume FILE]`; FILE
keeps what has been measured of each score, for a run that is broken off.
"""

from __future__ import annotations

import argparse
import json
import re
import resource
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path

from bench.common import Row, across_works, asap_folder, by_work, data_folder, record, takes
from bench.musicxml_count import counted, tied_over
from bench.reading_whole import trouble, unexplained
from valentin.music import Score, unfold
from valentin.reading import read_score

__all__ = ["Comparison", "Reading", "compared", "named_notes", "read_and_compare"]

_SNOTE = re.compile(
    r"snote\((?P<id>[^,]*)-(?P<k>\d+),\[(?P<step>[A-Ga-g]),(?P<alter>[^\]]*)\],(?P<octave>-?\d+),"
)
_STEPS = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}
_ALTERS = {"n": 0, "": 0, "#": 1, "b": -1, "##": 2, "x": 2, "bb": -2}
ENOUGH = 0.97
"""Share of a score's notes below which it counts as misread (measures.md)."""
BALLADE = "Chopin/Ballades/1"


@dataclass(frozen=True, slots=True)
class Reading:
    """One score compared: counts of notes, seconds."""

    folder: str
    named: int
    found: int
    notes: int
    placed: int
    lost: int
    tied: int
    renderings: int
    unfolded: int
    seconds: float
    trouble: str
    unexplained: str


def named_notes(match: Path) -> Iterator[tuple[str, int, int]]:
    """(id, rendering, pitch) of every score note that a match file names."""
    with match.open(encoding="utf-8") as lines:
        for line in lines:
            if found := _SNOTE.match(line):
                step = _STEPS[found["step"].upper()]
                pitch = 12 * (int(found["octave"]) + 1) + step + _ALTERS[found["alter"]]
                yield found["id"], int(found["k"]), pitch


def processor_s() -> float:
    """Seconds of processor so far, those of children that have ended counted too."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in used)


def read_and_compare(folder: str, path: Path, matches: Sequence[Path]) -> Reading:
    """Read one score and hold it against its count and its takes."""
    start = processor_s()
    score, engraving = read_score(path)
    seconds = processor_s() - start
    pitches = {note.id: note.pitch for note in score.notes}
    played = {note.id for note in unfold(score).notes}
    names = [note for match in matches for note in named_notes(match)]
    count = compared(score, path)
    return Reading(
        folder,
        len(names),
        sum(pitches.get(name) == pitch for name, _, pitch in names),
        count.notes,
        count.notes - len(count.lost) - len(count.misplaced),
        len(count.lost),
        count.tied,
        len(names),
        sum(f"{name}-{k}" in played for name, k, _ in names),
        seconds,
        trouble(score, engraving),
        ", ".join(unexplained(score)),
    )


@dataclass(frozen=True, slots=True)
class Comparison:
    """The notes of a file but the far ends of ties: how many, ids not read, ids out of place."""

    notes: int
    tied: int
    lost: tuple[str, ...]
    misplaced: tuple[str, ...]


def compared(score: Score, path: Path) -> Comparison:
    """Every pitched note of the file against the score."""
    onsets = {note.id: note.onset_q for note in score.notes}
    every = counted(path)
    joined = tied_over(every) - onsets.keys()
    rows = [row for row in every if row.id not in joined]
    return Comparison(
        len(rows),
        len(joined),
        tuple(row.id for row in rows if row.id not in onsets),
        tuple(row.id for row in rows if onsets.get(row.id, row.onset_q) != row.onset_q),
    )


def _second_opinion(paths: Sequence[Path]) -> tuple[int, int]:
    """Notes that partitura knows too, and those that it puts at the same quarter.

    It counts quarters from the first whole bar, we from the first bar: what the two say of the
    file's first note is taken off.
    """
    import partitura

    known = agreed = 0
    for path in paths:
        score, _ = read_score(path)
        onsets = {note.id: float(note.onset_q) for note in score.notes}
        zero: float | None = None
        for part in partitura.load_musicxml(path, force_note_ids="keep").parts:
            quarters = part.quarter_map
            for note in part.notes_tied:
                if note.id in onsets:
                    apart = float(quarters(note.start.t)) - onsets[note.id]
                    zero = apart if zero is None else zero
                    known += 1
                    agreed += abs(apart - zero) < 1e-3
    return known, agreed


OTHERS = (
    ("nocturnes read", "nocturnes/*.krn"),
    ("Debussy scores read", "debussy/*.musicxml"),
    ("concerto movements read", "concertos/*.krn"),
)


def _other(path: Path) -> Reading:
    """One of the scores without takes: is it read, and how long does it take?"""
    start = processor_s()
    score, engraving = read_score(path)
    seconds = processor_s() - start
    assert score.notes, path
    bars = ", ".join(unexplained(score))
    found = trouble(score, engraving)
    return Reading(path.stem, 0, 0, len(score.notes), 0, 0, 0, 0, 0, seconds, found, bars)


def _of_others(kept: Kept) -> Iterator[tuple[str, list[Reading]]]:
    for name, pattern in OTHERS:
        paths = sorted(data_folder().glob(pattern))
        yield name, [kept.reading(str(path), partial(_other, path)) for path in paths]


class Kept:
    """Readings by name, written to a file as they are made, where there is one."""

    def __init__(self, path: Path | None) -> None:
        self.path = path
        lines = path.read_text(encoding="utf-8").splitlines() if path and path.is_file() else []
        rows = (json.loads(line) for line in lines)
        self.rows = {name: Reading(**row) for name, row in rows}

    def reading(self, name: str, make: Callable[[], Reading]) -> Reading:
        """The one kept under a name, or a new one."""
        if name not in self.rows:
            self.rows[name] = make()
            if self.path:
                with self.path.open("a", encoding="utf-8") as lines:
                    lines.write(json.dumps([name, asdict(self.rows[name])]) + "\n")
        return self.rows[name]


def main() -> None:
    """Measure and record."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--partitura", type=int, default=30, metavar="COUNT")
    parser.add_argument("--only", default="")
    parser.add_argument("--resume", type=Path)
    arguments = parser.parse_args()
    every = takes(robust_only=False)
    kept = Kept(arguments.resume)
    readings: dict[str, list[Reading]] = {}
    for work, rows in by_work(every).items():
        for folder in dict.fromkeys(take.folder for take in rows):
            mine = [take for take in rows if take.folder == folder]
            if arguments.only in folder:
                matches = [t.match for t in mine if t.match and t.match.is_file()]
                reading = kept.reading(
                    folder, partial(read_and_compare, folder, mine[0].score, matches)
                )
                readings.setdefault(work, []).append(reading)
    flat = [reading for rows in readings.values() for reading in rows]
    rows_out = list(_rows(readings, flat))
    if not arguments.only:
        others = list(_of_others(kept))
        for name, read in others:
            rows_out.append(Row(name, len(read), n=len(read), of="files"))
            slowest = max(read, key=lambda r: r.seconds)
            target = "< 40 s" if "concerto" in name else ""
            rows_out.append(
                Row(f"slowest of {name.removesuffix(' read')}", slowest.seconds, "s",
                    worst_at=slowest.folder, n=len(read), of="files", target=target)
            )  # fmt: skip
        rows_out += _whole([*flat, *(reading for _, rows in others for reading in rows)])
        sample = [asap_folder() / r.folder / "xml_score.musicxml" for r in flat]
        if arguments.partitura:
            step = max(1, len(sample) // arguments.partitura)
            known, agreed = _second_opinion(sample[::step][: arguments.partitura])
            rows_out.append(Row("onsets as partitura", agreed / known, n=known, of="notes"))
        record("reading", rows_out)
    else:
        print(*rows_out, sep="\n")


def _whole(every: Sequence[Reading]) -> Iterator[Row]:
    """Exceptions in unfolding, playing and engraving, and bars that nothing explains."""
    for name, kind in (
        ("scores not unfolded, played or engraved", "trouble"),
        ("scores with bars that neither metre nor remark explains", "unexplained"),
    ):
        found = [r for r in every if getattr(r, kind)]
        at = "; ".join(f"{r.folder}: {getattr(r, kind)}"[:80] for r in found[:5])
        yield Row(name, len(found), n=len(every), of="scores", worst_at=at, target="0")


def _share(rows: Sequence[Reading], part: str, whole: str) -> float:
    total = sum(getattr(r, whole) for r in rows)
    return sum(getattr(r, part) for r in rows) / total if total else float("nan")


def _rows(readings: dict[str, list[Reading]], flat: Sequence[Reading]) -> Iterator[Row]:
    for name, part, whole, target in (
        ("notes of the takes found", "found", "named", "≥ .998"),
        ("onsets as counted", "placed", "notes", "≥ .998"),
        ("renderings of the takes unfolded", "unfolded", "renderings", ""),
    ):
        by = {work: _share(rows, part, whole) for work, rows in readings.items()}
        yield across_works(name, by, target=target)
        overall = _share(flat, part, whole)
        total = sum(getattr(r, whole) for r in flat)
        yield Row(f"{name}, all notes", overall, n=total, of="notes", target=target)
    below = [r for r in flat if r.found < ENOUGH * r.named or r.placed < ENOUGH * r.notes]
    names = ", ".join(r.folder for r in below)
    yield Row(
        "scores with under 97 % found or in place", len(below), n=len(flat), of="scores",
        worst_at=names, target="0",
    )  # fmt: skip
    for name in ("lost", "tied"):
        words = {"lost": "notes of the files not read", "tied": "far ends of ties, no notes"}[name]
        yield Row(words, sum(getattr(r, name) for r in flat), n=len(flat), of="scores")
    yield Row("median reading time", sorted(r.seconds for r in flat)[len(flat) // 2], "s")
    for reading in flat:
        if reading.folder == BALLADE:
            yield Row("Chopin, first Ballade", reading.seconds, "s", n=1, of="run", target="< 2 s")


if __name__ == "__main__":
    main()

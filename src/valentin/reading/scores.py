"""Score file → Score and Engraving.

In: a path. Out: the score as written (folded) and the MEI that a page draws, with the same ids.

**Conventions.** See `valentin.music.score`. One load gives both, so an id means the same note in
each.

**Knows nothing of** how the music is played.
"""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from valentin.errors import MusicError, ReadError
from valentin.music import Engraving, Score, ScoreRemark
from valentin.reading.assembly import score_of
from valentin.reading.bounded import MOST_NOTES, MOST_QUARTERS
from valentin.reading.engraver import engrave
from valentin.reading.humdrum import told_by_humdrum
from valentin.reading.humdrum_words import with_words
from valentin.reading.mei_tree import NAMESPACE, parsed, with_own_ids
from valentin.reading.midi_sketch import sketch_of
from valentin.reading.musicxml import (
    by_parts,
    told_by,
    with_ids,
    without_line_breaks,
    without_multiple_rests,
)
from valentin.reading.rare_signs import respelled
from valentin.reading.repeated_bars import with_repeated_bars, with_repeated_measures
from valentin.reading.repeated_beats import with_repeated_beats, with_repeated_layers
from valentin.reading.sketch_writing import musicxml_of
from valentin.reading.source import Source, open_source
from valentin.reading.told import Told

__all__ = ["read_score"]

_XML_ID = re.compile(r"""xml:id\s*=\s*["']([^"']*)["']""")


def read_score(path: Path, *, lenient: bool = False) -> tuple[Score, Engraving]:
    """The score in a file, repeats folded, and its engraving.

    `lenient` reads what can be read of a damaged file; what was left out is among the remarks.
    Raises ReadError for a file that is missing, damaged or holds no notes.
    """
    source = open_source(path, lenient=lenient)
    guessed: tuple[ScoreRemark, ...] = ()
    if source.kind == "midi":
        sketch = sketch_of(path)
        source, guessed = Source("musicxml", musicxml_of(sketch)), sketch.remarks
    try:
        mei, told = _engraved(source, path)
        score = score_of(parsed(mei), source, told, lenient=lenient)
    except (ElementTree.ParseError, RecursionError) as error:
        found = f"Reading `{path.name}`: it is built as no score is; export it again."
        raise ReadError(found, path=str(path)) from error
    except MusicError as error:
        found = f"Reading `{path.name}`: {error}; correct it or pass `--lenient`."
        raise ReadError(found, path=str(path), place=error.place) from error
    if beyond := _beyond(score):
        raise ReadError(f"Reading `{path.name}`: {beyond}.", path=str(path))
    if not score.notes:
        found = f"Reading `{path.name}`: there are no notes in it; give a score with notes."
        raise ReadError(found, path=str(path))
    if guessed:
        score = replace(score, remarks=guessed + score.remarks)
    if source.left_out:
        score = replace(score, remarks=(_left_out(score, source), *score.remarks))
    return score, Engraving(mei)


def _beyond(score: Score) -> str:
    """What is beyond any piece, and what to do; "" where nothing is."""
    lengths = [section.end_q - section.start_q for section in score.sections]
    played_q = max(sum((lengths[i] for i in score.order), Fraction(0)), score.end_q)
    if played_q > MOST_QUARTERS:
        longest = max(score.bars, key=lambda bar: bar.length_q, default=None)
        where = f", bar {longest.number} alone {float(longest.length_q):.0f}" if longest else ""
        return f"it lasts {float(played_q):.0f} quarters{where}; correct the bar"
    if len(score.notes) > MOST_NOTES:
        return f"it holds {len(score.notes)} notes, more than a recital; give one piece at a time"
    return ""


def _engraved(source: Source, path: Path) -> tuple[str, Told | None]:
    """The MEI, and what the source says of time, counted while Verovio works."""
    parts = None
    if source.kind == "musicxml":
        source, parts = _with_ids(source)
    elif source.kind == "mei":
        source = _with_measures(source)
    else:
        source = replace(source, text=with_words(source.text))
    with ThreadPoolExecutor(1) as beside:
        engraved = beside.submit(engrave, source, path)
        told = told_by(parts) if parts is not None else None
        if source.kind == "humdrum":
            told = told_by_humdrum(source.text)
        return engraved.result(), told


def _with_ids(source: Source) -> tuple[Source, Element]:
    """The source as Verovio can read it without loss, and its tree, partwise."""
    tree = ElementTree.fromstring(source.text) if source.tree is None else source.tree
    parts = by_parts(tree)
    changed = [
        with_repeated_bars(parts),
        with_repeated_beats(parts),
        respelled(parts),
        with_ids(parts),
        without_multiple_rests(parts),
        without_line_breaks(parts),
    ]
    if any(changed) or parts is not tree:
        source = replace(source, text=ElementTree.tostring(parts, encoding="unicode"))
    return source, parts


def _with_measures(source: Source) -> Source:
    """An MEI source with its repeated measures and beats written out, every id there once."""
    repeats = any(sign in source.text for sign in ("mRpt", "beatRpt"))
    ids = _XML_ID.findall(source.text)
    if not repeats and len(ids) == len(set(ids)):
        return source
    tree = parsed(source.text)
    if not any([with_own_ids(tree), with_repeated_layers(tree), with_repeated_measures(tree)]):
        return source
    tree.set("xmlns", NAMESPACE)
    return replace(source, text=ElementTree.tostring(tree, encoding="unicode"))


def _left_out(score: Score, source: Source) -> ScoreRemark:
    last = score.bars[-1:]
    bar, start = (last[0].number, last[0].start_q) if last else ("", score.end_q)
    return ScoreRemark("left-out", source.left_out, bar, start)

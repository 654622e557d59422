"""The score with a finger at every note, as one page to print.

In: a score, its engraving, the fingerings, the first and last bar by number. Out: an HTML document
with nothing outside it.

**Conventions.** A suggested finger is italic, a printed one stands as the score has it. The right
hand's fingers stand above, the left hand's below. The source of the suggestions is on the page.

**Knows nothing of** how a finger is found.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

from valentin.music import Engraving, Fingering, Score, bars_span
from valentin.showing.engraving import engrave
from valentin.showing.fingering_words import SOURCE, Bars
from valentin.showing.names import plain
from valentin.showing.one_file import policy, web_text

__all__ = ["fingering_page", "with_fingers"]

_ID = "{http://www.w3.org/XML/1998/namespace}id"
_MEI = "http://www.music-encoding.org/ns/mei"
_STYLE = """
main { max-width: 62rem; margin: 0 auto; }
header, footer { max-width: 62rem; margin: 1rem auto; padding: 0 1rem; }
@media print { svg { break-inside: avoid; } }
"""


def fingering_page(
    score: Score, engraving: Engraving, fingerings: Sequence[Fingering], bars: Bars = None
) -> str:
    """The page. Raises MusicError where there is nothing that can be drawn."""
    start_q, end_q = bars_span(score, *bars) if bars else (None, None)
    onsets = {note.id: note.onset_q for note in score.notes}
    chosen = [
        row
        for row in fingerings
        if start_q is None or end_q is None or start_q <= onsets[row.id] < end_q
    ]
    systems = engrave(score, with_fingers(engraving, chosen))
    title, style = escape(plain(score.title) or "Fingers"), web_text("paper.css") + _STYLE
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<meta http-equiv="Content-Security-Policy" content="{policy(style, "")}">'
        f"<title>{title}</title><style>{style}</style></head><body>"
        f"<header><h1>{title}</h1><p>{escape(plain(score.composer))}</p></header>"
        f"<main>{''.join(systems)}</main>"
        f"<footer><p>Fingers {escape(_SOURCE)}.</p></footer></body></html>\n"
    )


_SOURCE = SOURCE.partition("; ")[0] + "; upright ones are printed in the score"
"""Said on the page, where a star would be a pedal."""


def with_fingers(engraving: Engraving, fingerings: Sequence[Fingering]) -> Engraving:
    """The engraving with the fingers that it has not printed itself."""
    ElementTree.register_namespace("", _MEI)
    root = ElementTree.fromstring(engraving.mei)
    space = f"{{{_MEI}}}" if root.tag.startswith("{") else ""
    wanted = {row.id: row for row in fingerings if not row.printed}
    for measure in root.iter(f"{space}measure"):
        inside = [n for n in measure.iter(f"{space}note") if n.get(_ID, "") in wanted]
        for note in inside:
            _add(measure, space, wanted[note.get(_ID, "")])
    return Engraving(ElementTree.tostring(root, encoding="unicode"))


def _add(measure: Element, space: str, row: Fingering) -> None:
    place = "above" if row.hand == "right" else "below"
    fing = SubElement(measure, f"{space}fing", {"startid": f"#{row.id}", "place": place})
    SubElement(fing, f"{space}rend", {"fontstyle": "italic"}).text = str(row.finger)
